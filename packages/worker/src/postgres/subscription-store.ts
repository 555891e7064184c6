import type { Postgres, Sql } from 'dynamics365-connector/node';
import {
  type PollFailure,
  pausedByUser,
  type SubscriptionStatus,
  type WorkerStore,
} from '../worker-store.ts';
import { type PollQueue, pollQueueName, pollQueueSchema } from './poll-queue.ts';

type SubscriptionStore = Pick<
  WorkerStore,
  'syncSubscriptions' | 'status' | 'pause' | 'resume' | 'reschedule'
>;

const liveJobSql = `
  SELECT id FROM ${pollQueueSchema}.job j
  WHERE j.name = '${pollQueueName}' AND coalesce(j.singleton_key, '') = s.id
    AND j.state <= 'active' AND j.policy = 'exclusive'`;

const unscheduledSql = `
  SELECT id, (1000 * extract(epoch FROM next_due_at - now()))::float8 AS due_in
  FROM d365.subscription s
  WHERE NOT inactive AND paused_by IS NULL AND NOT EXISTS (${liveJobSql})
  FOR UPDATE SKIP LOCKED`;

/** Key of the advisory lock that lets one worker at a time replace the subscriptions. */
const syncLock = 365_000_002;

/** Manages subscriptions in PostgreSQL. */
export function createPostgresSubscriptionStore(postgres: Postgres, queue: PollQueue): SubscriptionStore {
  return {
    async syncSubscriptions(subscriptions) {
      await postgres.transaction(async (sql) => {
        await sql.query('SELECT pg_advisory_xact_lock($1)', [syncLock]);
        const ids = subscriptions.map(({ id }) => id);
        const connections = subscriptions.map(({ connection }) => connection);
        await sql.query(
          'INSERT INTO d365.connection (name) SELECT DISTINCT unnest($1::text[]) ON CONFLICT DO NOTHING',
          [connections],
        );
        await sql.query(deactivateSql, [ids]);
        await sql.query(syncSubscriptionsSql, [
          ids,
          connections,
          subscriptions.map(({ trigger }) => trigger),
        ]);
        await scheduleUnscheduled(sql, queue);
      });
    },
    reschedule: () => postgres.transaction((sql) => scheduleUnscheduled(sql, queue)),
    async status() {
      return (await postgres.query<StatusRow>(statusSql)).map(toStatus);
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

const deactivateSql = `
  UPDATE d365.subscription s SET inactive = true
  WHERE NOT inactive AND NOT EXISTS (SELECT 1 FROM unnest($1::text[]) AS file (id) WHERE file.id = s.id)`;

// Updates only new and changed rows: an upsert of all rows would lock them while polls are committed.
const syncSubscriptionsSql = `
  INSERT INTO d365.subscription (id, connection, trigger)
  SELECT file.* FROM unnest($1::text[], $2::text[], $3::text[]) AS file (id, connection, trigger)
  LEFT JOIN d365.subscription s ON s.id = file.id
  WHERE (s.connection, s.trigger, s.inactive) IS DISTINCT FROM (file.connection, file.trigger, false)
  ON CONFLICT (id) DO UPDATE SET connection = excluded.connection, trigger = excluded.trigger, inactive = false`;

async function scheduleUnscheduled(sql: Sql, queue: PollQueue): Promise<number> {
  const rows = await sql.query<{ id: string; due_in: number }>(unscheduledSql);
  await queue.schedule(
    sql,
    rows.map(({ id, due_in }) => ({ subscription: id, dueInMs: due_in })),
  );
  return rows.length;
}

async function resumeSubscription(sql: Sql, queue: PollQueue, subscription: string): Promise<boolean> {
  const [row] = await sql.query<{ busy: boolean; job: string | null }>(
    `UPDATE d365.subscription s SET paused_by = NULL, failure = NULL, failures = 0, next_due_at = now()
     WHERE id = $1
     RETURNING coalesce(leased_until > now(), false) AS busy, (${liveJobSql}) AS job`,
    [subscription],
  );
  if (row === undefined) return false;
  // A running poll schedules the next one when it is committed.
  if (row.busy) return true;
  if (row.job !== null) await queue.remove(sql, [row.job]);
  await queue.schedule(sql, [{ subscription, dueInMs: 0 }]);
  return true;
}

const statusSql = `
  SELECT s.id, s.connection, s.trigger, s.inactive, s.paused_by, s.failure, s.failures,
    s.polls::float8, s.events::float8,
    coalesce(o.waiting, 0)::float8 AS waiting, coalesce(o.dead, 0)::float8 AS dead,
    (1000 * extract(epoch FROM now() - s.polled_at))::float8 AS polled_ago,
    (1000 * extract(epoch FROM s.next_due_at - now()))::float8 AS due_in
  FROM d365.subscription s LEFT JOIN (
    SELECT subscription, count(*) FILTER (WHERE dead IS NULL) AS waiting, count(dead) AS dead
    FROM d365.outbox GROUP BY subscription
  ) o ON o.subscription = s.id
  ORDER BY s.id COLLATE "C"`;

interface StatusRow {
  readonly id: string;
  readonly connection: string;
  readonly trigger: string;
  readonly inactive: boolean;
  readonly paused_by: string | null;
  readonly failure: string | null;
  readonly failures: number;
  readonly polls: number;
  readonly events: number;
  readonly waiting: number;
  readonly dead: number;
  readonly polled_ago: number | null;
  readonly due_in: number;
}

function toStatus(row: StatusRow): SubscriptionStatus {
  const { inactive, paused_by, failure, polled_ago, due_in, ...counts } = row;
  const state = inactive ? 'inactive' : paused_by === null ? 'active' : 'paused';
  return {
    ...counts,
    state,
    delivered: row.events - row.waiting - row.dead,
    pausedBy: paused_by ?? undefined,
    failure: failure === null ? undefined : (JSON.parse(failure) as PollFailure),
    polledAgoMs: polled_ago === null ? undefined : Math.round(polled_ago),
    dueInMs: state === 'active' ? Math.round(due_in) : undefined,
  };
}
