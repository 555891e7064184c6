import type { SqliteFile } from 'dynamics365-connector/node';
import type { SubscriptionState } from '../subscription-status.ts';
import {
  defaultHistoryMs,
  keepStatusMs,
  maxDeletedEvents,
  sampleIntervalMs,
  type WorkerHistory,
} from '../worker-history.ts';
import type { WorkerStore } from '../worker-store.ts';

type StatusHistory = Pick<WorkerHistory, 'recordStatus' | 'statusHistory' | 'deleteOldHistory'>;

const insertSql = `
  INSERT OR IGNORE INTO sample (subscription, at, state, late_ms, events, delivered, waiting, dead)
  VALUES ($subscription, $at, $state, $lateMs, $events, $delivered, $waiting, $dead)`;

const deleteEventsSql = `
  DELETE FROM delivered WHERE sequence IN (
    SELECT sequence FROM delivered WHERE delivered_at < ? ORDER BY delivered_at LIMIT ${maxDeletedEvents}
  )`;

/** Records the status of subscriptions in SQLite, and deletes what is too old. */
export function createSqliteStatusHistory(
  { database, guard, transaction }: SqliteFile,
  now: () => number,
  readStatus: WorkerStore['status'],
): StatusHistory {
  const statements = {
    recorded: database.prepare('SELECT 1 FROM sample WHERE at >= ? LIMIT 1'),
    insert: database.prepare(insertSql),
    read: database.prepare('SELECT * FROM sample WHERE subscription = ? AND at >= ? ORDER BY at'),
    deleteEvents: database.prepare(deleteEventsSql),
    deleteSamples: database.prepare('DELETE FROM sample WHERE at < ?'),
  };
  return {
    async recordStatus() {
      const at = Math.floor(now() / sampleIntervalMs) * sampleIntervalMs;
      if (guard(() => statements.recorded.get(at)) !== undefined) return;
      const subscriptions = (await readStatus()).filter(({ state }) => state !== 'inactive');
      transaction(() => {
        for (const { id, state, dueInMs = 0, events, delivered, waiting, dead } of subscriptions) {
          const lateMs = Math.max(0, -dueInMs);
          statements.insert.run({ subscription: id, at, state, lateMs, events, delivered, waiting, dead });
        }
      });
    },
    async statusHistory(subscription, { sinceMs = defaultHistoryMs } = {}) {
      const at = now();
      return guard(() => statements.read.all(subscription, at - sinceMs)).map((row) => ({
        agoMs: Math.max(0, at - Number(row.at)),
        state: String(row.state) as SubscriptionState,
        lateMs: Number(row.late_ms),
        events: Number(row.events),
        delivered: Number(row.delivered),
        waiting: Number(row.waiting),
        dead: Number(row.dead),
      }));
    },
    async deleteOldHistory(keepDeliveredMs) {
      return transaction(() => {
        statements.deleteSamples.run(now() - keepStatusMs);
        return Number(statements.deleteEvents.run(now() - keepDeliveredMs).changes);
      });
    },
  };
}
