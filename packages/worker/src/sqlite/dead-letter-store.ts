import type { SqliteFile } from 'dynamics365-connector/node';
import { parseItem } from '../parse-stored.ts';
import type { DeadLetter, DeadLetterSelection, WorkerStore } from '../worker-store.ts';

type DeadLetterStore = Pick<WorkerStore, 'deadLetters' | 'replayDeadLetters' | 'forgetDeadLetters'>;

const defaultMaxCount = 100;

/** Undefined members select everything. */
const selectedSql = `
  dead IS NOT NULL AND ($subscription IS NULL OR subscription = $subscription)
  AND ($sequences IS NULL OR sequence IN (SELECT value FROM json_each($sequences)))`;

const listSql = `
  SELECT o.*, coalesce(s.trigger, '') AS trigger FROM outbox o LEFT JOIN subscription s ON s.id = o.subscription
  WHERE o.sequence IN (SELECT sequence FROM outbox WHERE ${selectedSql} AND sequence > $after ORDER BY sequence LIMIT $maxCount)
  ORDER BY o.sequence`;

const replaySql = `
  UPDATE outbox SET dead = NULL, dead_at = NULL, attempts = 0, refusals = 0, due_at = $now, due_set_at = $now,
    replay = $mode
  WHERE ${selectedSql}`;

const countSql = `SELECT subscription, count(*) AS count FROM outbox WHERE ${selectedSql} GROUP BY subscription`;

/** Lists, replays and deletes dead letters in SQLite. */
export function createSqliteDeadLetterStore(
  { database, guard, transaction }: SqliteFile,
  now: () => number,
): DeadLetterStore {
  const statements = {
    list: database.prepare(listSql),
    replay: database.prepare(replaySql),
    count: database.prepare(countSql),
    forget: database.prepare(`DELETE FROM outbox WHERE ${selectedSql}`),
    forgotten: database.prepare('UPDATE subscription SET forgotten = forgotten + ? WHERE id = ?'),
  };
  return {
    async deadLetters({ maxCount = defaultMaxCount, after = 0, ...selection } = {}) {
      const values = { ...toValues(selection), after, maxCount };
      return guard(() => statements.list.all(values)).map((row) => toDeadLetter(row, now()));
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
  };
}

function toValues({ subscription, sequences }: DeadLetterSelection) {
  return {
    subscription: subscription ?? null,
    sequences: sequences === undefined ? null : JSON.stringify(sequences),
  };
}

function toDeadLetter(row: Record<string, unknown>, now: number): DeadLetter {
  return {
    sequence: Number(row.sequence),
    subscription: String(row.subscription),
    trigger: String(row.trigger),
    target: String(row.target),
    rowId: String(row.record),
    item: parseItem(String(row.item)) ?? String(row.item),
    attempts: Number(row.attempts),
    reason: String(row.dead),
    deadForMs: row.dead_at === null ? 0 : Math.max(0, now - Number(row.dead_at)),
  };
}
