import type { SqliteFile } from 'dynamics365-connector/node';
import { parseFailure, parseFeedState, parsePushFigures } from '../parse-stored.ts';
import {
  maxMissedIntervals,
  pausedByUser,
  type SubscriptionFacts,
  stallToleranceMs,
  toSubscriptionStatus,
} from '../subscription-status.ts';
import type { WorkerStore } from '../worker-store.ts';
import type { LeaseClock } from './sqlite-schema.ts';

type SubscriptionStore = Pick<WorkerStore, 'syncSubscriptions' | 'status' | 'pause' | 'resume'>;

/** The start of a subscription that has not changed stays, so that a worker that restarts again and again hides no stall. */
const upsertSubscriptionSql = `
  INSERT INTO subscription (id, connection, trigger, feed, target, every_ms, next_due_at, scheduled_at, started_at, origin)
  VALUES ($id, $connection, $trigger, $feed, $target, $everyMs, $now, $now, $now, $origin)
  ON CONFLICT (id) DO UPDATE SET
    connection = excluded.connection, trigger = excluded.trigger, feed = excluded.feed, target = excluded.target,
    every_ms = excluded.every_ms, origin = excluded.origin, inactive = 0, started_at = excluded.started_at
  WHERE (connection, trigger, feed, target, every_ms, inactive)
    IS NOT (excluded.connection, excluded.trigger, excluded.feed, excluded.target, excluded.every_ms, 0)`;

const statusSql = `
  SELECT s.*, coalesce(o.waiting, 0) AS waiting, coalesce(o.dead, 0) AS dead,
    coalesce(c.blocked_until, 0) AS connection_blocked_until,
    t.reason AS target_reason, coalesce(t.blocked_until, 0) AS target_blocked_until
  FROM subscription s
  LEFT JOIN connection c ON c.name = s.connection
  LEFT JOIN target t ON t.name = s.target
  LEFT JOIN (
    SELECT subscription, sum(dead IS NULL) AS waiting, sum(dead IS NOT NULL) AS dead
    FROM outbox GROUP BY subscription
  ) o ON o.subscription = s.id
  WHERE $stalledAt IS NULL
    OR max(coalesce(s.polled_at, 0), s.started_at) + ${maxMissedIntervals} * coalesce(s.interval_ms, s.every_ms) + ${stallToleranceMs} < $stalledAt
  ORDER BY s.id`;

const resumeSql = `
  UPDATE subscription SET
    paused_by = NULL, failure = NULL, failures = 0, next_due_at = $now, scheduled_at = $now, started_at = $now,
    resumed = 1
  WHERE id = $id`;

/** Claims are due within their lease, and are not changed. */
const wakeEventsSql = `
  UPDATE outbox SET due_at = $now, due_set_at = $now
  WHERE subscription = $id AND dead IS NULL AND due_at > $now + $lease`;

/** Manages subscriptions in SQLite. */
export function createSqliteSubscriptionStore(
  { database, guard, transaction }: SqliteFile,
  { now, leaseMs }: LeaseClock,
): SubscriptionStore {
  const statements = prepareStatements(database);
  return {
    async syncSubscriptions(subscriptions, origin = 'file') {
      transaction(() => {
        statements.deactivate.run(origin, JSON.stringify(subscriptions.map(({ id }) => id)));
        for (const subscription of subscriptions) {
          const { id, connection, trigger, feed = id, target = id, everyMs = 60_000 } = subscription;
          statements.addConnection.run(connection);
          statements.upsert.run({ id, connection, trigger, feed, target, everyMs, origin, now: now() });
          statements.redirect.run({ id, target });
        }
      });
    },
    async status({ stalledOnly = false } = {}) {
      const at = now();
      const rows = guard(() => statements.status.all({ stalledAt: stalledOnly ? at : null }));
      const all = rows.map((row) => toSubscriptionStatus(toFacts(row, at)));
      return stalledOnly ? all.filter(({ state }) => state === 'stalled') : all;
    },
    async pause(subscription) {
      return guard(() => statements.pause.run(pausedByUser, subscription)).changes === 1;
    },
    async resume(subscription) {
      return transaction(() => {
        if (statements.resume.run({ id: subscription, now: now() }).changes === 0) return false;
        statements.unblockConnection.run(subscription);
        statements.unblockTarget.run(subscription);
        statements.wakeEvents.run({ id: subscription, now: now(), lease: leaseMs });
        return true;
      });
    },
  };
}

function prepareStatements(database: SqliteFile['database']) {
  return {
    deactivate: database.prepare(
      'UPDATE subscription SET inactive = 1 WHERE origin = ? AND id NOT IN (SELECT value FROM json_each(?))',
    ),
    addConnection: database.prepare('INSERT OR IGNORE INTO connection (name) VALUES (?)'),
    upsert: database.prepare(upsertSubscriptionSql),
    redirect: database.prepare(
      'UPDATE outbox SET target = $target WHERE subscription = $id AND target <> $target',
    ),
    status: database.prepare(statusSql),
    pause: database.prepare('UPDATE subscription SET paused_by = ? WHERE id = ?'),
    resume: database.prepare(resumeSql),
    wakeEvents: database.prepare(wakeEventsSql),
    unblockConnection: database.prepare(
      'UPDATE connection SET blocked_until = 0 WHERE name = (SELECT connection FROM subscription WHERE id = ?)',
    ),
    unblockTarget: database.prepare(
      'DELETE FROM target WHERE name = (SELECT target FROM subscription WHERE id = ?)',
    ),
  };
}

function toFacts(row: Record<string, unknown>, now: number): SubscriptionFacts {
  const count = (name: string) => Number(row[name]);
  const polledAgoMs = row.polled_at === null ? undefined : Math.max(0, now - count('polled_at'));
  const targetBlockedUntil = count('target_blocked_until');
  return {
    id: String(row.id),
    connection: String(row.connection),
    trigger: String(row.trigger),
    target: String(row.target),
    everyMs: count('every_ms'),
    intervalMs: row.interval_ms === null ? count('every_ms') : count('interval_ms'),
    push: row.push === null ? undefined : parsePushFigures(String(row.push)),
    inactive: row.inactive === 1,
    pausedBy: row.paused_by === null ? undefined : String(row.paused_by),
    failure: row.failure === null ? undefined : parseFailure(String(row.failure)),
    failures: count('failures'),
    feedState: row.feed_state === null ? undefined : parseFeedState(String(row.feed_state)),
    idleForMs: Math.max(0, Math.min(polledAgoMs ?? Number.POSITIVE_INFINITY, now - count('started_at'))),
    polledAgoMs,
    dueInMs: count('next_due_at') - now,
    connectionBlockedForMs: Math.max(0, count('connection_blocked_until') - now),
    targetFailure:
      targetBlockedUntil === 0 || count('waiting') === 0
        ? undefined
        : { reason: String(row.target_reason), blockedForMs: Math.max(0, targetBlockedUntil - now) },
    polls: count('polls'),
    events: count('events'),
    waiting: count('waiting'),
    dead: count('dead'),
    forgotten: count('forgotten'),
  };
}
