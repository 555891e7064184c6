import type { Sql } from 'dynamics365-connector/node';
import { recoveryWindowMs } from '../worker-store.ts';
import type { PollQueue } from './poll-queue.ts';
import { scheduleFeeds } from './schedule-feeds.ts';

// Locked rows are skipped, which prevents deadlocks with claims and commits.
const wakeFailingSql = `
  WITH failing AS (
    SELECT s.id FROM d365.subscription s
    WHERE s.connection IN (SELECT connection FROM d365.subscription WHERE id = ANY($1))
      AND s.failures > 0 AND NOT s.inactive AND s.paused_by IS NULL AND s.leased_until IS NULL
      AND s.next_due_at > now() + $2 * interval '1 ms'
      AND position('ACCESS_DENIED' IN coalesce(s.failure, '')) = 0
    FOR UPDATE OF s SKIP LOCKED
  )
  UPDATE d365.subscription s SET next_due_at = now() + random() * $2 * interval '1 ms', scheduled_at = now()
  FROM failing WHERE s.id = failing.id
  RETURNING s.feed`;

/** Brings failed polls forward that use the same connections as these subscriptions, because they work again. */
export async function wakeFailing(sql: Sql, queue: PollQueue, recovered: readonly string[]): Promise<void> {
  if (recovered.length === 0) return;
  const rows = await sql.query<{ feed: string }>(wakeFailingSql, [recovered, recoveryWindowMs]);
  if (rows.length > 0) await scheduleFeeds(sql, queue, [...new Set(rows.map(({ feed }) => feed))]);
}
