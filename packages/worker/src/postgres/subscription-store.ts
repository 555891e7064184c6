import type { Postgres, Sql } from 'dynamics365-connector/node';
import { parseFailure, parseFeedState, parsePushFigures } from '../parse-stored.ts';
import {
  maxMissedIntervals,
  pausedByUser,
  type StoredSubscription,
  type SubscriptionFacts,
  stallToleranceMs,
  toSubscriptionStatus,
} from '../subscription-status.ts';
import { leaseDurationMs, type SubscriptionOrigin, type WorkerStore } from '../worker-store.ts';
import type { PollQueue } from './poll-queue.ts';
import { repairTimes } from './repair-times.ts';
import { scheduleFeeds } from './schedule-feeds.ts';

type SubscriptionStore = Pick<
  WorkerStore,
  'syncSubscriptions' | 'status' | 'pause' | 'resume' | 'reschedule'
>;

/** Key of the advisory lock that lets one worker at a time replace the subscriptions. */
const syncLock = 365_000_002;

/** Manages subscriptions in PostgreSQL. */
export function createPostgresSubscriptionStore(postgres: Postgres, queue: PollQueue): SubscriptionStore {
  return {
    syncSubscriptions: (subscriptions, origin = 'file') =>
      postgres.transaction((sql) => syncSubscriptions(sql, queue, { subscriptions, origin })),
    async reschedule() {
      const repaired = await repairTimes(postgres, queue);
      return repaired + (await postgres.transaction((sql) => scheduleFeeds(sql, queue)));
    },
    async status({ stalledOnly = false } = {}) {
      const rows = await postgres.query<StatusRow>(statusSql, [stalledOnly]);
      const all = rows.map((row) => toSubscriptionStatus(toFacts(row)));
      return stalledOnly ? all.filter(({ state }) => state === 'stalled') : all;
    },
    async pause(subscription) {
      const rows = await postgres.query(
        'UPDATE d365.subscription SET paused_by = $2 WHERE id = $1 RETURNING id',
        [subscription, pausedByUser],
      );
      return rows.length === 1;
    },
    resume: (subscription) => postgres.transaction((sql) => resumeSubscription(sql, queue, subscription)),
  };
}

/** All subscriptions of an origin. */
interface SyncedSubscriptions {
  readonly subscriptions: readonly StoredSubscription[];
  readonly origin: SubscriptionOrigin;
}

async function syncSubscriptions(
  sql: Sql,
  queue: PollQueue,
  { subscriptions, origin }: SyncedSubscriptions,
): Promise<void> {
  await sql.query('SELECT pg_advisory_xact_lock($1)', [syncLock]);
  const ids = subscriptions.map(({ id }) => id);
  const targets = subscriptions.map(({ id, target = id }) => target);
  const connections = subscriptions.map(({ connection }) => connection);
  await sql.query(
    'INSERT INTO d365.connection (name) SELECT DISTINCT unnest($1::text[]) ON CONFLICT DO NOTHING',
    [connections],
  );
  await sql.query(deactivateSql, [ids, origin]);
  await sql.query(syncSubscriptionsSql, [
    ids,
    connections,
    subscriptions.map(({ trigger }) => trigger),
    targets,
    subscriptions.map(({ everyMs = 60_000 }) => everyMs),
    subscriptions.map(({ id, feed = id }) => feed),
    origin,
  ]);
  await sql.query(redirectSql, [ids, targets]);
  await scheduleFeeds(sql, queue);
}

const deactivateSql = `
  UPDATE d365.subscription s SET inactive = true
  WHERE NOT inactive AND s.origin = $2 AND NOT EXISTS (SELECT 1 FROM unnest($1::text[]) AS file (id) WHERE file.id = s.id)`;

// Updates only new and changed rows: an upsert of all rows would lock them while polls are committed.
const syncSubscriptionsSql = `
  INSERT INTO d365.subscription (id, connection, trigger, target, every_ms, feed, origin)
  SELECT file.*, $7 FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::text[])
    AS file (id, connection, trigger, target, every_ms, feed)
  LEFT JOIN d365.subscription s ON s.id = file.id
  WHERE (s.connection, s.trigger, s.target, s.every_ms, s.feed, s.inactive)
    IS DISTINCT FROM (file.connection, file.trigger, file.target, file.every_ms, file.feed, false)
  ON CONFLICT (id) DO UPDATE SET connection = excluded.connection, trigger = excluded.trigger,
    target = excluded.target, every_ms = excluded.every_ms, feed = excluded.feed, origin = excluded.origin, inactive = false, started_at = now()`;

/** Waiting events go to the present target of their subscription. */
const redirectSql = `
  UPDATE d365.outbox o SET target = file.target
  FROM unnest($1::text[], $2::text[]) AS file (id, target)
  WHERE o.subscription = file.id AND o.target <> file.target`;

const resumeSql = `
  UPDATE d365.subscription s SET paused_by = NULL, failure = NULL, failures = 0, next_due_at = now(),
    scheduled_at = now(), started_at = now(), resumed = true
  WHERE id = $1
  RETURNING target, feed`;

interface ResumedRow {
  readonly target: string;
  readonly feed: string;
}

async function resumeSubscription(sql: Sql, queue: PollQueue, subscription: string): Promise<boolean> {
  // The connection first: a claim locks in the same order, which prevents deadlocks.
  await sql.query(
    `UPDATE d365.connection SET blocked_until = NULL
     WHERE name = (SELECT connection FROM d365.subscription WHERE id = $1)`,
    [subscription],
  );
  const [row] = await sql.query<ResumedRow>(resumeSql, [subscription]);
  if (row === undefined) return false;
  await sql.query('DELETE FROM d365.target WHERE name = $1', [row.target]);
  // Claims of running deliveries are due within their lease, and are not changed.
  await sql.query(
    `UPDATE d365.outbox SET due_at = now(), due_set_at = now()
     WHERE subscription = $1 AND dead IS NULL AND due_at > now() + $2 * interval '1 ms'`,
    [subscription, leaseDurationMs],
  );
  // The commit of a running poll schedules the feed.
  await scheduleFeeds(sql, queue, [row.feed]);
  return true;
}

const statusSql = `
  SELECT s.id, s.connection, s.trigger, s.target, s.every_ms, s.interval_ms, s.push, s.inactive, s.paused_by, s.failure, s.failures, s.feed_state,
    s.polls::float8, s.events::float8, s.forgotten::float8,
    coalesce(o.waiting, 0)::float8 AS waiting, coalesce(o.dead, 0)::float8 AS dead,
    (1000 * extract(epoch FROM now() - s.polled_at))::float8 AS polled_ago,
    (1000 * extract(epoch FROM now() - s.started_at))::float8 AS started_ago,
    (1000 * extract(epoch FROM s.next_due_at - now()))::float8 AS due_in,
    coalesce(1000 * extract(epoch FROM c.blocked_until - now()), 0)::float8 AS connection_blocked,
    t.reason AS target_reason, (1000 * extract(epoch FROM t.blocked_until - now()))::float8 AS target_blocked
  FROM d365.subscription s
  LEFT JOIN d365.connection c ON c.name = s.connection
  LEFT JOIN d365.target t ON t.name = s.target
  LEFT JOIN (
    SELECT subscription, count(*) FILTER (WHERE dead IS NULL) AS waiting, count(dead) AS dead
    FROM d365.outbox GROUP BY subscription
  ) o ON o.subscription = s.id
  WHERE NOT $1::boolean OR greatest(s.polled_at, s.started_at)
    + (${maxMissedIntervals} * coalesce(s.interval_ms, s.every_ms) + ${stallToleranceMs}) * interval '1 ms' < now()
  ORDER BY s.id COLLATE "C"`;

interface StatusRow {
  readonly id: string;
  readonly connection: string;
  readonly trigger: string;
  readonly target: string;
  readonly every_ms: number;
  readonly interval_ms: number | null;
  readonly push: string | null;
  readonly inactive: boolean;
  readonly paused_by: string | null;
  readonly failure: string | null;
  readonly failures: number;
  readonly feed_state: string | null;
  readonly polls: number;
  readonly events: number;
  readonly forgotten: number;
  readonly waiting: number;
  readonly dead: number;
  readonly polled_ago: number | null;
  readonly started_ago: number;
  readonly due_in: number;
  readonly connection_blocked: number;
  readonly target_reason: string | null;
  /** Null while the target is not blocked. */
  readonly target_blocked: number | null;
}

function toFacts(row: StatusRow): SubscriptionFacts {
  const { id, connection, trigger, target, inactive, failures, polls, events, forgotten, waiting, dead } =
    row;
  const polledAgoMs = row.polled_ago === null ? undefined : Math.max(0, Math.round(row.polled_ago));
  const isTargetBlocked = row.target_blocked !== null && waiting > 0;
  return {
    id,
    connection,
    trigger,
    target,
    inactive,
    failures,
    polls,
    events,
    forgotten,
    waiting,
    dead,
    everyMs: row.every_ms,
    intervalMs: row.interval_ms ?? row.every_ms,
    push: row.push === null ? undefined : parsePushFigures(row.push),
    pausedBy: row.paused_by ?? undefined,
    failure: row.failure === null ? undefined : parseFailure(row.failure),
    feedState: row.feed_state === null ? undefined : parseFeedState(row.feed_state),
    polledAgoMs,
    idleForMs: Math.max(0, Math.min(polledAgoMs ?? Number.POSITIVE_INFINITY, Math.round(row.started_ago))),
    dueInMs: Math.round(row.due_in),
    connectionBlockedForMs: Math.max(0, Math.round(row.connection_blocked)),
    targetFailure: isTargetBlocked
      ? { reason: row.target_reason ?? '', blockedForMs: Math.max(0, Math.round(row.target_blocked ?? 0)) }
      : undefined,
  };
}
