import type { Model } from '../model/types.ts';
import { type Database, quoteIdentifier } from './database.ts';
import { tableNotFound } from './errors.ts';

/** Names of rows for people, by id; rows that do not exist or have no name are left out. */
export function readRowNames(
  name: string,
  ids: Iterable<string>,
  { database, model }: { database: Database; model: Model },
): ReadonlyMap<string, string> {
  const table = model.table(name);
  if (!table) throw tableNotFound(name);
  if (!table.primaryName) return new Map();
  const [id, shown] = [quoteIdentifier(table.primaryId), quoteIdentifier(table.primaryName)];
  const list = '(SELECT value FROM json_each(?1))';
  const sql = `SELECT ${id} AS "id", ${shown} AS "name" FROM ${quoteIdentifier(name)} WHERE ${id} IN ${list} AND ${shown} IS NOT NULL`;
  const rows = database.all(sql, [JSON.stringify([...ids])]);
  return new Map(rows.map((row) => [row.id as string, row.name as string]));
}
