import type { Postgres } from 'dynamics365-connector/node';
import { leaseDurationMs, maxConnectionBlockMs, maxDelayMs } from '../worker-store.ts';
import { type PollQueue, pollQueueName, pollQueueSchema } from './poll-queue.ts';
import { scheduleFeeds } from './schedule-feeds.ts';

/**
 * A due time that was set in the future, and a lease or a block that ends later than one can, come from a clock that was
 * put back since. They would stop polls and deliveries until that time is reached. They are compared with the present time,
 * because a transaction that began after this one may have set them.
 */
const repairs: readonly (readonly [sql: string, values: readonly number[]])[] = [
  [
    `UPDATE d365.subscription SET leased_until = NULL WHERE leased_until > now() + $1 * interval '1 ms'`,
    [leaseDurationMs],
  ],
  [
    `UPDATE d365.connection SET blocked_until = NULL WHERE blocked_until > now() + $1 * interval '1 ms'`,
    [maxConnectionBlockMs],
  ],
  [
    `UPDATE d365.outbox SET due_at = now(), due_set_at = now()
     WHERE dead IS NULL AND (due_set_at > clock_timestamp() OR due_at > clock_timestamp() + $1 * interval '1 ms')`,
    [maxDelayMs],
  ],
  [
    `UPDATE d365.target SET blocked_until = now(), set_at = now()
     WHERE set_at > clock_timestamp() OR blocked_until > clock_timestamp() + $1 * interval '1 ms'`,
    [maxDelayMs],
  ],
  ['UPDATE d365.subscription SET polled_at = now() WHERE polled_at > clock_timestamp()', []],
  ['UPDATE d365.subscription SET started_at = now() WHERE started_at > clock_timestamp()', []],
];

/** Makes polls with a wrong time due. */
const repairPollsSql = `
  WITH wrong AS (
    SELECT s.id FROM d365.subscription s
    WHERE (s.scheduled_at > clock_timestamp() OR s.next_due_at > clock_timestamp()
        + greatest(coalesce(s.interval_ms, s.every_ms), CASE WHEN s.failures = 0 THEN $2::float8 ELSE $1 END) * interval '1 ms')
      AND coalesce(s.leased_until <= now(), true)
    FOR UPDATE OF s SKIP LOCKED
  )
  UPDATE d365.subscription s SET next_due_at = now(), scheduled_at = now()
  FROM wrong WHERE s.id = wrong.id
  RETURNING s.id`;

/** Jobs of dead workers that would be waited for longer than a lease lasts. */
const findWrongJobsSql = `
  SELECT j.id FROM ${pollQueueSchema}.job j
  WHERE j.name = '${pollQueueName}' AND j.state <= 'active' AND j.heartbeat_on > now() + $1 * interval '1 ms'
    AND NOT EXISTS (SELECT 1 FROM d365.subscription s WHERE s.feed = j.singleton_key AND s.leased_until > now())
  FOR UPDATE OF j SKIP LOCKED`;

/** Repairs all times in one transaction. Returns the number of polls that were scheduled again. */
export async function repairTimes(postgres: Postgres, queue: PollQueue): Promise<number> {
  return await postgres.transaction(async (sql) => {
    for (const [text, values] of repairs) await sql.query(text, values);
    const jobs = await sql.query<{ id: string }>(findWrongJobsSql, [leaseDurationMs]);
    await queue.remove(
      sql,
      jobs.map(({ id }) => id),
    );
    const repaired = await sql.query(repairPollsSql, [maxDelayMs, leaseDurationMs]);
    if (repaired.length + jobs.length > 0) await scheduleFeeds(sql, queue);
    return repaired.length;
  });
}

/** Returns a function that receives the time of the database, and repairs times when it was put back. */
export function repairWhenClockGoesBack(postgres: Postgres, queue: PollQueue): (at: number) => Promise<void> {
  let last = Number.POSITIVE_INFINITY;
  return async (at) => {
    // Transactions that run at the same time can see the same time in another order.
    const wentBack = at < last - 1000;
    last = at;
    if (wentBack) await repairTimes(postgres, queue);
  };
}
