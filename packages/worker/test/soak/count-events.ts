import { readFileSync } from 'node:fs';
import type { ExpectedEvent } from './messages.ts';

/** An event that was stored in the outbox. */
export interface StoredEvent {
  readonly subscription: string;
  readonly record: string;
  readonly item: string;
}

/** The result of a soak test. */
export interface SoakCounts {
  /** Changes that must be reported once. */
  readonly expected: number;
  /** Expected events that were not stored. */
  readonly lost: number;
  /** Expected events that were not delivered. */
  readonly undelivered: number;
  /** Events that were stored more than once. */
  readonly duplicated: number;
  /** Stored events without a change. */
  readonly unexpected: number;
}

/** Compares the stored and the delivered events with the expected ones. */
export function countEvents(
  expectedEvents: readonly ExpectedEvent[],
  storedEvents: readonly StoredEvent[],
  deliveriesFile: string,
): SoakCounts {
  const expected = new Set(expectedEvents.map(({ owner, row }) => `s${owner} ${row}`));
  const storedCounts = new Map<string, number>();
  for (const { subscription, record } of storedEvents) {
    const key = `${subscription} ${record}`;
    storedCounts.set(key, (storedCounts.get(key) ?? 0) + 1);
  }
  const delivered = new Set(
    readFileSync(deliveriesFile, 'utf8')
      .split('\n')
      .map((line) => line.split(' ').slice(0, 2).join(' ')),
  );
  return {
    expected: expected.size,
    lost: [...expected].filter((key) => !storedCounts.has(key)).length,
    undelivered: [...expected].filter((key) => !delivered.has(key)).length,
    duplicated: [...storedCounts.values()].filter((count) => count > 1).length,
    unexpected: [...storedCounts.keys()].filter((key) => !expected.has(key)).length,
  };
}
