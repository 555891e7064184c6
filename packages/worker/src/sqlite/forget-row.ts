import type { SqliteFile } from 'dynamics365-connector/node';
import { forgetInItem } from '../forget-in-item.ts';
import type { WorkerStore } from '../worker-store.ts';

const oldDeadSql = 'dead IS NOT NULL AND coalesce(dead_at, created_at) < ?';

/** Removes a row from the events in SQLite, and dead letters that are old. */
export function createSqliteForget(
  { database, transaction }: SqliteFile,
  now: () => number,
): Pick<WorkerStore, 'forgetRow' | 'deleteOldDeadLetters'> {
  const oldCounts = database.prepare(
    `SELECT subscription, count(*) AS count FROM outbox WHERE ${oldDeadSql} GROUP BY subscription`,
  );
  const removeOld = database.prepare(`DELETE FROM outbox WHERE ${oldDeadSql}`);
  const counts = database.prepare(
    'SELECT subscription, count(*) AS count FROM outbox WHERE lower(record) = ? GROUP BY subscription',
  );
  const forgotten = database.prepare('UPDATE subscription SET forgotten = forgotten + ? WHERE id = ?');
  const tables = ['outbox', 'delivered'].map((table) => ({
    remove: database.prepare(`DELETE FROM ${table} WHERE lower(record) = ?`),
    mentions: database.prepare(`SELECT sequence, item FROM ${table} WHERE instr(lower(item), ?) > 0`),
    replace: database.prepare(`UPDATE ${table} SET item = ? WHERE sequence = ?`),
  }));
  return {
    async deleteOldDeadLetters(maxAgeMs) {
      const before = now() - maxAgeMs;
      return transaction(() => {
        for (const { subscription, count } of oldCounts.all(before))
          forgotten.run(Number(count), String(subscription));
        return Number(removeOld.run(before).changes);
      });
    },
    async forgetRow(rowId) {
      return transaction(() => {
        for (const { subscription, count } of counts.all(rowId))
          forgotten.run(Number(count), String(subscription));
        let deleted = 0;
        let changed = 0;
        for (const { remove, mentions, replace } of tables) {
          deleted += Number(remove.run(rowId).changes);
          for (const { sequence, item } of mentions.all(rowId)) {
            const kept = forgetInItem(String(item), rowId);
            if (kept === item) continue;
            replace.run(kept, Number(sequence));
            changed += 1;
          }
        }
        return { deleted, changed };
      });
    },
  };
}
