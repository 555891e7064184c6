import { readFileSync } from 'node:fs';
import type { Truth } from './messages.ts';

/** An event that was put into the outbox. */
export interface Posted {
  readonly subscription: string;
  readonly record: string;
  readonly item: string;
}

/** What a soak came to. */
export interface Count {
  /** Things that happened. */
  readonly happened: number;
  /** Of them never posted, never delivered, posted more than once. */
  readonly lost: number;
  readonly undelivered: number;
  readonly duplicated: number;
  /** Posted though nothing happened. */
  readonly invented: number;
}

/** Holds what was posted and what arrived against what happened. */
export function count(truth: readonly Truth[], posted: readonly Posted[], arrivals: string): Count {
  const happened = new Set(truth.map(({ owner, row }) => `s${owner} ${row}`));
  const times = new Map<string, number>();
  for (const { subscription, record } of posted) {
    const mark = `${subscription} ${record}`;
    times.set(mark, (times.get(mark) ?? 0) + 1);
  }
  const arrived = new Set(
    readFileSync(arrivals, 'utf8')
      .split('\n')
      .map((line) => line.split(' ').slice(0, 2).join(' ')),
  );
  return {
    happened: happened.size,
    lost: [...happened].filter((mark) => !times.has(mark)).length,
    undelivered: [...happened].filter((mark) => !arrived.has(mark)).length,
    duplicated: [...times.values()].filter((number) => number > 1).length,
    invented: [...times.keys()].filter((mark) => !happened.has(mark)).length,
  };
}
