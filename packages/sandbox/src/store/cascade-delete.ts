import { findLookupsTo } from '../model/create-model.ts';
import type { Attribute, TableModel } from '../model/types.ts';
import { quoteIdentifier, type StoreContext } from './database.ts';
import { sqlColumns } from './sql-columns.ts';

/** What deleting a row needs. */
export interface CascadeDeleteContext extends StoreContext {
  readonly nextVersion: () => bigint;
}

/** Deletes an existing row and its dependent rows, clears the lookups to it, and records the deletions. */
export function cascadeDelete(table: TableModel, id: string, context: CascadeDeleteContext): void {
  const { database, model, nextVersion } = context;
  const name = table.logicalName;
  database.run(`DELETE FROM ${quoteIdentifier(name)} WHERE ${quoteIdentifier(table.primaryId)} = ?1`, [id]);
  const recordDeletionSql = 'INSERT INTO "$deleted" ("table", "version", "id") VALUES (?1, ?2, ?3)';
  database.run(recordDeletionSql, [name, nextVersion(), id]);
  for (const lookup of findLookupsTo(model, table)) cascadeToChildren(lookup, id, context);
  for (const { intersect, ends } of model.manyToMany) {
    for (const end of ends.filter((each) => each.table === name)) {
      database.run(`DELETE FROM ${quoteIdentifier(intersect)} WHERE ${quoteIdentifier(end.column)} = ?1`, [
        id,
      ]);
    }
  }
}

/** Deletes the rows that reference the deleted row, or clears their lookup and gives them a new version. */
function cascadeToChildren(
  { table, attribute }: { readonly table: TableModel; readonly attribute: Attribute },
  id: string,
  context: CascadeDeleteContext,
): void {
  const { database, model, nextVersion } = context;
  const [name, key, column] = [table.logicalName, table.primaryId, attribute.logicalName].map(
    quoteIdentifier,
  );
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
    const childId = child.id as string;
    if (cascades) cascadeDelete(table, childId, context);
    else database.run(clear, [nextVersion(), childId]);
  }
}
