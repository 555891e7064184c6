import type { SqliteFile } from 'dynamics365-connector/node';
import {
  type PollFailure,
  pausedByUser,
  type SubscriptionStatus,
  type WorkerStore,
} from '../worker-store.ts';

type SubscriptionStore = Pick<WorkerStore, 'syncSubscriptions' | 'status' | 'pause' | 'resume'>;

const upsertSubscriptionSql = `
  INSERT INTO subscription (id, connection, trigger, next_due_at) VALUES ($id, $connection, $trigger, $now)
  ON CONFLICT (id) DO UPDATE SET connection = excluded.connection, trigger = excluded.trigger, inactive = 0`;

const statusSql = `
  SELECT s.*, coalesce(o.waiting, 0) AS waiting, coalesce(o.dead, 0) AS dead
  FROM subscription s LEFT JOIN (
    SELECT subscription, sum(dead IS NULL) AS waiting, sum(dead IS NOT NULL) AS dead
    FROM outbox GROUP BY subscription
  ) o ON o.subscription = s.id
  ORDER BY s.id`;

/** Manages subscriptions in SQLite. */
export function createSqliteSubscriptionStore(
  { database, guard, transaction }: SqliteFile,
  now: () => number,
): SubscriptionStore {
  const statements = {
    deactivate: database.prepare('UPDATE subscription SET inactive = 1'),
    addConnection: database.prepare('INSERT OR IGNORE INTO connection (name) VALUES (?)'),
    upsert: database.prepare(upsertSubscriptionSql),
    status: database.prepare(statusSql),
    pause: database.prepare('UPDATE subscription SET paused_by = ? WHERE id = ?'),
    resume: database.prepare(
      'UPDATE subscription SET paused_by = NULL, failure = NULL, failures = 0, next_due_at = ? WHERE id = ?',
    ),
  };
  return {
    async syncSubscriptions(subscriptions) {
      transaction(() => {
        statements.deactivate.run();
        for (const { id, connection, trigger } of subscriptions) {
          statements.addConnection.run(connection);
          statements.upsert.run({ id, connection, trigger, now: now() });
        }
      });
    },
    async status() {
      return guard(() => statements.status.all()).map((row) => toStatus(row, now()));
    },
    async pause(subscription) {
      return guard(() => statements.pause.run(pausedByUser, subscription)).changes === 1;
    },
    async resume(subscription) {
      return guard(() => statements.resume.run(now(), subscription)).changes === 1;
    },
  };
}

function toStatus(row: Record<string, unknown>, now: number): SubscriptionStatus {
  const count = (name: string) => Number(row[name]);
  const state = row.inactive === 1 ? 'inactive' : row.paused_by === null ? 'active' : 'paused';
  return {
    id: String(row.id),
    connection: String(row.connection),
    trigger: String(row.trigger),
    state,
    pausedBy: row.paused_by === null ? undefined : String(row.paused_by),
    failure: row.failure === null ? undefined : (JSON.parse(String(row.failure)) as PollFailure),
    failures: count('failures'),
    polls: count('polls'),
    events: count('events'),
    delivered: count('events') - count('waiting') - count('dead'),
    waiting: count('waiting'),
    dead: count('dead'),
    polledAgoMs: row.polled_at === null ? undefined : now - count('polled_at'),
    dueInMs: state === 'active' ? count('next_due_at') - now : undefined,
  };
}
