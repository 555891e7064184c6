import type { SqliteFile } from 'dynamics365-connector/node';
import { parseItem } from '../parse-stored.ts';
import {
  type DeadLetterSelection,
  defaultEventLimit,
  type EventQuery,
  type StoredEvent,
  type WorkerHistory,
} from '../worker-history.ts';
import type { WorkerStore } from '../worker-store.ts';

type EventStore = Pick<WorkerHistory, 'events' | 'deleteEvents'> &
  Pick<WorkerStore, 'replayDeadLetters' | 'forgetDeadLetters'>;

/** Undefined members select everything. */
const deadSql = `
  dead IS NOT NULL AND ($subscription IS NULL OR subscription = $subscription)
  AND ($sequences IS NULL OR sequence IN (SELECT value FROM json_each($sequences)))`;

const replaySql = `
  UPDATE outbox SET dead = NULL, dead_at = NULL, attempts = 0, refusals = 0, due_at = $now, due_set_at = $now,
    replay = $mode
  WHERE ${deadSql}`;

const countSql = `SELECT subscription, count(*) AS count FROM outbox WHERE ${deadSql} GROUP BY subscription`;

/** Lists and deletes events, and replays dead letters, in SQLite. */
export function createSqliteEventStore(
  { database, guard, transaction }: SqliteFile,
  now: () => number,
): EventStore {
  const statements = {
    replay: database.prepare(replaySql),
    count: database.prepare(countSql),
    forget: database.prepare(`DELETE FROM outbox WHERE ${deadSql}`),
    forgotten: database.prepare('UPDATE subscription SET forgotten = forgotten + ? WHERE id = ?'),
    delete: ['outbox', 'delivered', 'sample'].map((table) =>
      database.prepare(`DELETE FROM ${table} WHERE subscription = ?`),
    ),
  };
  return {
    async events(query = {}) {
      const { sql, values } = toEventsQuery(query);
      return guard(() => database.prepare(sql).all(values)).map((row) => toStoredEvent(row, now()));
    },
    async replayDeadLetters(selection, mode) {
      const values = { ...toValues(selection), now: now(), mode };
      return Number(guard(() => statements.replay.run(values)).changes);
    },
    async forgetDeadLetters(selection) {
      return transaction(() => {
        for (const { subscription, count } of statements.count.all(toValues(selection)))
          statements.forgotten.run(Number(count), String(subscription));
        return Number(statements.forget.run(toValues(selection)).changes);
      });
    },
    async deleteEvents(subscription) {
      transaction(() => {
        for (const statement of statements.delete) statement.run(subscription);
      });
    },
  };
}

function toValues({ subscription, sequences }: DeadLetterSelection) {
  return {
    subscription: subscription ?? null,
    sequences: sequences === undefined ? null : JSON.stringify(sequences),
  };
}

const waitingColumns = `sequence, subscription, target, record, item, attempts, created_at, due_at, dead, dead_at,
  NULL AS delivered_at`;
const deliveredColumns = `sequence, subscription, target, record, item, attempts, created_at, NULL AS due_at, NULL AS dead,
  NULL AS dead_at, delivered_at`;

/** Only the conditions that are set, so that an index serves them. Each table is limited before both are merged. */
function toEventsQuery({ state, ...query }: EventQuery) {
  const { subscription, sequences, order = 'newest', after, limit = defaultEventLimit } = query;
  const direction = order === 'newest' ? 'DESC' : 'ASC';
  const conditions = [
    ...(subscription === undefined ? [] : ['subscription = $subscription']),
    ...(sequences === undefined ? [] : ['sequence IN (SELECT value FROM json_each($sequences))']),
    ...(after === undefined ? [] : [`sequence ${order === 'newest' ? '<' : '>'} $after`]),
  ];
  const select = (columns: string, table: string, ...own: readonly string[]) => {
    const where = [...conditions, ...own].join(' AND ') || 'true';
    return `SELECT * FROM (SELECT ${columns} FROM ${table} WHERE ${where} ORDER BY sequence ${direction} LIMIT $limit)`;
  };
  const isDead = { waiting: ['dead IS NULL'], dead: ['dead IS NOT NULL'], delivered: [] };
  const parts = [
    ...(state === 'delivered'
      ? []
      : [select(waitingColumns, 'outbox', ...(state === undefined ? [] : isDead[state]))]),
    ...(state === undefined || state === 'delivered' ? [select(deliveredColumns, 'delivered')] : []),
  ];
  const sql = `SELECT e.*, coalesce(s.trigger, '') AS trigger FROM (${parts.join(' UNION ALL ')}) e
    LEFT JOIN subscription s ON s.id = e.subscription ORDER BY e.sequence ${direction} LIMIT $limit`;
  return {
    sql,
    // Node.js 22.13 refuses a named parameter that a statement does not have.
    values: {
      limit,
      ...(subscription !== undefined && { subscription }),
      ...(sequences !== undefined && { sequences: JSON.stringify(sequences) }),
      ...(after !== undefined && { after }),
    },
  };
}

function toStoredEvent(row: Record<string, unknown>, now: number): StoredEvent {
  const since = (name: string) => (row[name] ? Math.max(0, now - Number(row[name])) : undefined);
  const isWaiting = row.dead === null && row.delivered_at === null;
  return {
    sequence: Number(row.sequence),
    subscription: String(row.subscription),
    trigger: String(row.trigger),
    target: String(row.target),
    rowId: String(row.record),
    item: parseItem(String(row.item)) ?? String(row.item),
    state: isWaiting ? 'waiting' : row.dead === null ? 'delivered' : 'dead',
    attempts: Number(row.attempts),
    reason: row.dead === null ? undefined : String(row.dead),
    storedAgoMs: since('created_at'),
    dueInMs: isWaiting ? Number(row.due_at) - now : undefined,
    deadForMs: row.dead === null ? undefined : (since('dead_at') ?? 0),
    deliveredAgoMs: since('delivered_at'),
  };
}
