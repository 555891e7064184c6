import { lookupsTo } from '../model/create-model.ts';
import type { Attribute, Model, TableModel } from '../model/types.ts';
import { sqlColumns } from './columns.ts';
import { type Database, quote } from './database.ts';

/** What removing needs. */
export interface Removing {
  readonly database: Database;
  readonly model: Model;
  readonly nextVersion: () => bigint;
}

/** Removes a row that exists, what belongs to it, and every lookup to it; notes the deletions. */
export function removeRow(table: TableModel, id: string, removing: Removing): void {
  const { database, model, nextVersion } = removing;
  const name = table.logicalName;
  database.run(`DELETE FROM ${quote(name)} WHERE ${quote(table.primaryId)} = ?1`, [id]);
  const note = 'INSERT INTO "$deleted" ("table", "version", "id") VALUES (?1, ?2, ?3)';
  database.run(note, [name, nextVersion(), id]);
  for (const lookup of lookupsTo(model, table)) releaseChildren(lookup, id, removing);
  for (const { intersect, ends } of model.manyToMany) {
    for (const end of ends.filter((each) => each.table === name)) {
      database.run(`DELETE FROM ${quote(intersect)} WHERE ${quote(end.column)} = ?1`, [id]);
    }
  }
}

/** Children of a removed row go with it, or lose their lookup and get a new version. */
function releaseChildren(
  { table, attribute }: { readonly table: TableModel; readonly attribute: Attribute },
  id: string,
  removing: Removing,
): void {
  const { database, model, nextVersion } = removing;
  const [name, key, column] = [table.logicalName, table.primaryId, attribute.logicalName].map(quote);
  const children = database.all(`SELECT ${key} AS id FROM ${name} WHERE ${column} = ?1`, [id]);
  const cascades = model.oneToMany.some(
    (each) =>
      each.onDelete === 'cascade' &&
      each.referencing === table.logicalName &&
      each.attribute === attribute.logicalName,
  );
  const cleared = sqlColumns(attribute).map(([each]) => `${each} = NULL`);
  const clear = `UPDATE ${name} SET ${cleared}, "versionnumber" = ?1 WHERE ${key} = ?2`;
  for (const child of children) {
    if (cascades) removeRow(table, child.id as string, removing);
    else database.run(clear, [nextVersion(), child.id!]);
  }
}
