import type { Postgres } from 'dynamics365-connector/node';
import type { SubscriptionState } from '../subscription-status.ts';
import { defaultHistoryMs, keepStatusMs, maxDeletedEvents, type WorkerHistory } from '../worker-history.ts';
import type { WorkerStore } from '../worker-store.ts';

type StatusHistory = Pick<WorkerHistory, 'recordStatus' | 'statusHistory' | 'deleteOldHistory'>;

const isRecordedSql = `
  SELECT 1 FROM d365.sample WHERE at >= date_trunc('minute', now()) LIMIT 1`;

const insertSql = `
  INSERT INTO d365.sample (subscription, at, state, late_ms, events, delivered, waiting, dead)
  SELECT id, date_trunc('minute', now()), state, late_ms, events, delivered, waiting, dead
  FROM unnest($1::text[], $2::text[], $3::float8[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
    AS status (id, state, late_ms, events, delivered, waiting, dead)
  ON CONFLICT DO NOTHING`;

const readSql = `
  SELECT (1000 * extract(epoch FROM now() - at))::float8 AS "agoMs", state, late_ms AS "lateMs", events::float8,
    delivered::float8, waiting::float8, dead::float8
  FROM d365.sample WHERE subscription = $1 AND at >= now() - $2 * interval '1 ms' ORDER BY at`;

const deleteEventsSql = `
  WITH old AS (
    SELECT sequence FROM d365.delivered WHERE delivered_at < now() - $1 * interval '1 ms'
    ORDER BY delivered_at LIMIT ${maxDeletedEvents} FOR UPDATE SKIP LOCKED
  ), deleted AS (
    DELETE FROM d365.delivered d USING old WHERE d.sequence = old.sequence RETURNING 1
  )
  SELECT count(*)::int AS count FROM deleted`;

interface SampleRow {
  readonly agoMs: number;
  readonly state: SubscriptionState;
  readonly lateMs: number;
  readonly events: number;
  readonly delivered: number;
  readonly waiting: number;
  readonly dead: number;
}

/** Records the status of subscriptions in PostgreSQL, and deletes what is too old. */
export function createPostgresStatusHistory(
  postgres: Postgres,
  readStatus: WorkerStore['status'],
): StatusHistory {
  return {
    async recordStatus() {
      if ((await postgres.query(isRecordedSql)).length > 0) return;
      const subscriptions = (await readStatus()).filter(({ state }) => state !== 'inactive');
      await postgres.query(insertSql, [
        subscriptions.map(({ id }) => id),
        subscriptions.map(({ state }) => state),
        subscriptions.map(({ dueInMs = 0 }) => Math.max(0, -dueInMs)),
        subscriptions.map(({ events }) => events),
        subscriptions.map(({ delivered }) => delivered),
        subscriptions.map(({ waiting }) => waiting),
        subscriptions.map(({ dead }) => dead),
      ]);
    },
    async statusHistory(subscription, { sinceMs = defaultHistoryMs } = {}) {
      const rows = await postgres.query<SampleRow>(readSql, [subscription, sinceMs]);
      return rows.map((row) => ({ ...row, agoMs: Math.max(0, row.agoMs) }));
    },
    async deleteOldHistory(keepDeliveredMs) {
      await postgres.query(`DELETE FROM d365.sample WHERE at < now() - $1 * interval '1 ms'`, [keepStatusMs]);
      const [row] = await postgres.query<{ count: number }>(deleteEventsSql, [keepDeliveredMs]);
      return row?.count ?? 0;
    },
  };
}
