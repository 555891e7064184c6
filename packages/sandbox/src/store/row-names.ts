import { quoteIdentifier, type StoreContext } from './database.ts';
import { requireTable } from './require-table.ts';

/** The primary names of rows, by id. Rows that do not exist or have no name are absent. */
export function readRowNames(
  name: string,
  ids: Iterable<string>,
  { database, model }: StoreContext,
): ReadonlyMap<string, string> {
  const table = requireTable(model, name);
  if (!table.primaryName) return new Map();
  const [id, shown] = [quoteIdentifier(table.primaryId), quoteIdentifier(table.primaryName)];
  const list = '(SELECT value FROM json_each(?1))';
  const sql = `SELECT ${id} AS "id", ${shown} AS "name" FROM ${quoteIdentifier(name)} WHERE ${id} IN ${list} AND ${shown} IS NOT NULL`;
  const rows = database.all(sql, [JSON.stringify([...ids])]);
  return new Map(rows.map((row) => [row.id as string, row.name as string]));
}
