import { readFileSync } from 'node:fs';
import type { ExpectedEvent } from './messages.ts';

/** An event that was put into the outbox. */
export interface PostedEvent {
  readonly subscription: string;
  readonly record: string;
  readonly item: string;
}

/** What a soak came to. */
export interface SoakCounts {
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
export function countEvents(
  expectedEvents: readonly ExpectedEvent[],
  posted: readonly PostedEvent[],
  arrivals: string,
): SoakCounts {
  const happened = new Set(expectedEvents.map(({ owner, row }) => `s${owner} ${row}`));
  const times = new Map<string, number>();
  for (const { subscription, record } of posted) {
    const key = `${subscription} ${record}`;
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const arrived = new Set(
    readFileSync(arrivals, 'utf8')
      .split('\n')
      .map((line) => line.split(' ').slice(0, 2).join(' ')),
  );
  return {
    happened: happened.size,
    lost: [...happened].filter((key) => !times.has(key)).length,
    undelivered: [...happened].filter((key) => !arrived.has(key)).length,
    duplicated: [...times.values()].filter((number) => number > 1).length,
    invented: [...times.keys()].filter((key) => !happened.has(key)).length,
  };
}
