import type { Sql } from 'dynamics365-connector/node';
import { WAKE_WITHIN_MS } from '../worker-store.ts';
import { type Appointment, type Timer, timerQueue, timerSchema } from './timer.ts';

// Rows that somebody is busy with are passed over: neither waits for the other.
const wake = `
  WITH failing AS (
    SELECT s.id, j.id AS job
    FROM d365.subscription s
    JOIN ${timerSchema}.job j ON j.name = '${timerQueue}' AND coalesce(j.singleton_key, '') = s.id
      AND j.state <= 'active' AND j.policy = 'exclusive'
    WHERE s.connection IN (SELECT connection FROM d365.subscription WHERE id = ANY($1))
      AND s.failures > 0 AND NOT s.resting AND s.paused_by IS NULL AND s.leased_until IS NULL
      AND s.next_due_at > now() + $2 * interval '1 ms'
    FOR UPDATE OF s, j SKIP LOCKED
  )
  UPDATE d365.subscription s SET next_due_at = now() + random() * $2 * interval '1 ms'
  FROM failing WHERE s.id = failing.id
  RETURNING s.id, failing.job, (1000 * extract(epoch FROM s.next_due_at - now()))::float8 AS due_in`;

/** Brings forward what failed on the connections of these subscriptions, which work again. */
export async function wakeFailing(sql: Sql, timer: Timer, recovered: readonly string[]): Promise<void> {
  if (recovered.length === 0) return;
  const rows = await sql.query<{ id: string; job: string; due_in: number }>(wake, [
    recovered,
    WAKE_WITHIN_MS,
  ]);
  await timer.remove(
    sql,
    rows.map(({ job }) => job),
  );
  await timer.arm(
    sql,
    rows.map(({ id, due_in }): Appointment => ({ subscription: id, dueInMs: due_in })),
  );
}
