import type { Postgres, Sql } from 'dynamics365-connector/node';
import { forgetInItem } from '../forget-in-item.ts';
import type { WorkerStore } from '../worker-store.ts';

const forgottenSql = `
  UPDATE d365.subscription s SET forgotten = s.forgotten + counted.n FROM (
    SELECT subscription, count(*) AS n FROM d365.outbox WHERE lower(record) = $1 GROUP BY subscription
  ) counted WHERE s.id = counted.subscription`;

const deleteOldSql = `
  WITH deleted AS (
    DELETE FROM d365.outbox
    WHERE dead IS NOT NULL AND coalesce(dead_at, created_at) < now() - $1 * interval '1 ms' RETURNING subscription
  ), counted AS (
    SELECT subscription, count(*) AS n FROM deleted GROUP BY subscription
  ), updated AS (
    UPDATE d365.subscription s SET forgotten = s.forgotten + counted.n FROM counted WHERE s.id = counted.subscription
  )
  SELECT count(*)::int AS count FROM deleted`;

/** Removes a row from the events in PostgreSQL, and dead letters that are old. */
export function createPostgresForget(
  postgres: Postgres,
): Pick<WorkerStore, 'forgetRow' | 'deleteOldDeadLetters'> {
  return {
    async deleteOldDeadLetters(maxAgeMs) {
      const [row] = await postgres.query<{ readonly count: number }>(deleteOldSql, [maxAgeMs]);
      return row?.count ?? 0;
    },
    async forgetRow(rowId) {
      return await postgres.transaction(async (sql) => {
        await sql.query(forgottenSql, [rowId]);
        let deleted = 0;
        let changed = 0;
        for (const table of ['d365.outbox', 'd365.delivered']) {
          const removed = `DELETE FROM ${table} WHERE lower(record) = $1 RETURNING sequence`;
          deleted += (await sql.query(removed, [rowId])).length;
          changed += await forgetMentions(sql, table, rowId);
        }
        return { deleted, changed };
      });
    },
  };
}

async function forgetMentions(sql: Sql, table: string, rowId: string): Promise<number> {
  const mentions = await sql.query<{ readonly sequence: string; readonly item: string }>(
    `SELECT sequence, item FROM ${table} WHERE strpos(lower(item), $1) > 0 FOR UPDATE`,
    [rowId],
  );
  let changed = 0;
  for (const { sequence, item } of mentions) {
    const kept = forgetInItem(item, rowId);
    if (kept === item) continue;
    await sql.query(`UPDATE ${table} SET item = $1 WHERE sequence = $2`, [kept, sequence]);
    changed += 1;
  }
  return changed;
}
