import type { Postgres } from 'dynamics365-connector/node';
import { parseItem } from '../parse-stored.ts';
import {
  type DeadLetterSelection,
  defaultEventLimit,
  type EventQuery,
  type EventState,
  type StoredEvent,
  type WorkerHistory,
} from '../worker-history.ts';
import type { WorkerStore } from '../worker-store.ts';

type EventStore = Pick<WorkerHistory, 'events' | 'deleteEvents'> &
  Pick<WorkerStore, 'replayDeadLetters' | 'forgetDeadLetters'>;

/** Undefined members select everything. */
const deadSql = `
  o.dead IS NOT NULL AND ($1::text IS NULL OR o.subscription = $1)
  AND ($2::bigint[] IS NULL OR o.sequence = ANY($2))`;

const replaySql = `
  UPDATE d365.outbox o SET dead = NULL, dead_at = NULL, attempts = 0, refusals = 0, due_at = now(), due_set_at = now(),
    replay = $3
  WHERE ${deadSql} RETURNING o.sequence`;

const forgetSql = `
  WITH deleted AS (DELETE FROM d365.outbox o WHERE ${deadSql} RETURNING o.subscription), counted AS (
    SELECT subscription, count(*) AS n FROM deleted GROUP BY subscription
  ), updated AS (
    UPDATE d365.subscription s SET forgotten = s.forgotten + counted.n FROM counted WHERE s.id = counted.subscription
  )
  SELECT count(*)::int AS count FROM deleted`;

/** Lists and deletes events, and replays dead letters, in PostgreSQL. */
export function createPostgresEventStore(postgres: Postgres): EventStore {
  return {
    async events(query = {}) {
      const { sql, values } = toEventsQuery(query);
      return (await postgres.query<EventRow>(sql, values)).map(toStoredEvent);
    },
    async replayDeadLetters(selection, mode) {
      return (await postgres.query(replaySql, [...toValues(selection), mode])).length;
    },
    async forgetDeadLetters(selection) {
      const [row] = await postgres.query<{ count: number }>(forgetSql, toValues(selection));
      return row?.count ?? 0;
    },
    async deleteEvents(subscription) {
      await postgres.transaction(async (sql) => {
        for (const table of ['outbox', 'delivered', 'sample'])
          await sql.query(`DELETE FROM d365.${table} WHERE subscription = $1`, [subscription]);
      });
    },
  };
}

function toValues({ subscription, sequences }: DeadLetterSelection): readonly unknown[] {
  return [subscription ?? null, sequences ?? null];
}

interface EventRow {
  readonly sequence: string;
  readonly subscription: string;
  readonly trigger: string;
  readonly target: string;
  readonly record: string;
  readonly item: string;
  readonly state: EventState;
  readonly attempts: number;
  readonly dead: string | null;
  readonly created_ago: number;
  readonly due_in: number | null;
  readonly dead_for: number | null;
  readonly delivered_ago: number | null;
}

const common = 'sequence, subscription, target, record, item, attempts, created_at';
const waitingColumns = `${common}, due_at, dead, dead_at, NULL::timestamptz AS delivered_at`;
const deliveredColumns = `${common}, NULL::timestamptz AS due_at, NULL::text AS dead, NULL::timestamptz AS dead_at, delivered_at`;

/** Only the conditions that are set, so that an index serves them. Each table is limited before both are merged. */
function toEventsQuery({ state, ...query }: EventQuery) {
  const { subscription, sequences, order = 'newest', after, limit = defaultEventLimit } = query;
  const direction = order === 'newest' ? 'DESC' : 'ASC';
  const values: unknown[] = [limit];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const conditions = [
    ...(subscription === undefined ? [] : [`subscription = ${parameter(subscription)}`]),
    ...(sequences === undefined ? [] : [`sequence = ANY(${parameter(sequences)}::bigint[])`]),
    ...(after === undefined ? [] : [`sequence ${order === 'newest' ? '<' : '>'} ${parameter(after)}`]),
  ];
  const select = (columns: string, table: string, ...own: readonly string[]) => {
    const where = [...conditions, ...own].join(' AND ') || 'true';
    return `(SELECT ${columns} FROM d365.${table} WHERE ${where} ORDER BY sequence ${direction} LIMIT $1)`;
  };
  const isDead = { waiting: ['dead IS NULL'], dead: ['dead IS NOT NULL'], delivered: [] };
  const parts = [
    ...(state === 'delivered'
      ? []
      : [select(waitingColumns, 'outbox', ...(state === undefined ? [] : isDead[state]))]),
    ...(state === undefined || state === 'delivered' ? [select(deliveredColumns, 'delivered')] : []),
  ];
  const since = (column: string) => `(1000 * extract(epoch FROM now() - e.${column}))::float8`;
  const sql = `SELECT e.sequence, e.subscription, coalesce(s.trigger, '') AS trigger, e.target, e.record, e.item,
      e.attempts, e.dead, ${since('created_at')} AS created_ago, ${since('delivered_at')} AS delivered_ago,
      CASE WHEN e.dead IS NOT NULL THEN coalesce(${since('dead_at')}, 0) END AS dead_for,
      CASE WHEN e.dead IS NULL THEN -${since('due_at')} END AS due_in,
      CASE WHEN e.delivered_at IS NOT NULL THEN 'delivered' WHEN e.dead IS NULL THEN 'waiting' ELSE 'dead' END AS state
    FROM (${parts.join(' UNION ALL ')}) e LEFT JOIN d365.subscription s ON s.id = e.subscription
    ORDER BY e.sequence ${direction} LIMIT $1`;
  return { sql, values };
}

function toStoredEvent(row: EventRow): StoredEvent {
  const { sequence, subscription, trigger, target, record, item, state, attempts, dead } = row;
  const duration = (ms: number | null) => (ms === null ? undefined : Math.max(0, ms));
  return {
    ...{ subscription, trigger, target, state, attempts },
    sequence: Number(sequence),
    rowId: record,
    item: parseItem(item) ?? item,
    reason: dead ?? undefined,
    storedAgoMs: duration(row.created_ago),
    dueInMs: row.due_in ?? undefined,
    deadForMs: duration(row.dead_for),
    deliveredAgoMs: duration(row.delivered_ago),
  };
}
