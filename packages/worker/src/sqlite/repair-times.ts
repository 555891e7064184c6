import type { SqliteFile } from 'dynamics365-connector/node';
import { maxConnectionBlockMs, maxDelayMs } from '../worker-store.ts';
import type { LeaseClock } from './sqlite-schema.ts';

/** Makes due what has a time that cannot be right. Returns the number of changed rows. */
export type RepairTimes = () => number;

/**
 * A due time that was set in the future, and a lease or a block that ends later than one can, come from a clock that was
 * put back since. They would stop polls and deliveries until that time is reached.
 */
const repairs = [
  `UPDATE subscription SET next_due_at = $now, scheduled_at = $now
   WHERE scheduled_at > $now OR next_due_at > $now + max(coalesce(interval_ms, every_ms), iif(failures = 0, $lease, $maxDelay))`,
  'UPDATE subscription SET leased_until = 0 WHERE leased_until > $now + $lease',
  'UPDATE connection SET blocked_until = 0 WHERE blocked_until > $now + $maxBlock',
  'UPDATE outbox SET due_at = $now, due_set_at = $now WHERE dead IS NULL AND due_set_at > $now',
  'UPDATE outbox SET due_at = $now, due_set_at = $now WHERE dead IS NULL AND due_at > $now + $maxDelay',
  'UPDATE target SET blocked_until = $now, set_at = $now WHERE set_at > $now OR blocked_until > $now + $maxDelay',
  'UPDATE subscription SET polled_at = $now WHERE polled_at > $now',
  'UPDATE subscription SET started_at = $now WHERE started_at > $now',
];

/** Creates the function that repairs the times of a file. */
export function createRepairTimes(
  { database, transaction }: SqliteFile,
  { now, leaseMs }: LeaseClock,
): RepairTimes {
  const durations: readonly (readonly [string, number])[] = [
    ['lease', leaseMs],
    ['maxDelay', maxDelayMs],
    ['maxBlock', maxConnectionBlockMs],
  ];
  // Node.js 22.13 refuses a named parameter that a statement does not have.
  const statements = repairs.map((sql) => ({
    statement: database.prepare(sql),
    values: Object.fromEntries(durations.filter(([name]) => sql.includes(`$${name}`))),
  }));
  return () => {
    const at = now();
    return transaction(() =>
      statements.reduce(
        (sum, { statement, values }) => sum + Number(statement.run({ now: at, ...values }).changes),
        0,
      ),
    );
  };
}

/** Calls `repair` with the first call, and whenever the clock was put back since the last call. */
export function repairWhenClockGoesBack(now: () => number, repair: RepairTimes): () => void {
  let last = Number.POSITIVE_INFINITY;
  return () => {
    const at = now();
    if (at < last) repair();
    last = at;
  };
}
