import type { Sql } from 'dynamics365-connector/node';
import { recoveryWindowMs } from '../worker-store.ts';
import { type PollQueue, pollQueueName, pollQueueSchema, type ScheduledPoll } from './poll-queue.ts';

// Locked rows are skipped, which prevents deadlocks with claims and commits.
const wakeFailingSql = `
  WITH failing AS (
    SELECT s.id, j.id AS job
    FROM d365.subscription s
    JOIN ${pollQueueSchema}.job j ON j.name = '${pollQueueName}' AND coalesce(j.singleton_key, '') = s.id
      AND j.state <= 'active' AND j.policy = 'exclusive'
    WHERE s.connection IN (SELECT connection FROM d365.subscription WHERE id = ANY($1))
      AND s.failures > 0 AND NOT s.inactive AND s.paused_by IS NULL AND s.leased_until IS NULL
      AND s.next_due_at > now() + $2 * interval '1 ms'
    FOR UPDATE OF s, j SKIP LOCKED
  )
  UPDATE d365.subscription s SET next_due_at = now() + random() * $2 * interval '1 ms'
  FROM failing WHERE s.id = failing.id
  RETURNING s.id, failing.job, (1000 * extract(epoch FROM s.next_due_at - now()))::float8 AS due_in`;

/** Brings failed polls forward that use the same connections as these subscriptions, because they work again. */
export async function wakeFailing(sql: Sql, queue: PollQueue, recovered: readonly string[]): Promise<void> {
  if (recovered.length === 0) return;
  const rows = await sql.query<{ id: string; job: string; due_in: number }>(wakeFailingSql, [
    recovered,
    recoveryWindowMs,
  ]);
  await queue.remove(
    sql,
    rows.map(({ job }) => job),
  );
  await queue.schedule(
    sql,
    rows.map(({ id, due_in }): ScheduledPoll => ({ subscription: id, dueInMs: due_in })),
  );
}
