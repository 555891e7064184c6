import { findLookupsTo } from '../model/create-model.ts';
import type { Attribute, Model, TableModel } from '../model/types.ts';
import { type Database, quoteIdentifier } from './database.ts';
import { sqlColumns } from './sql-columns.ts';

/** What removing needs. */
export interface CascadeDeleteContext {
  readonly database: Database;
  readonly model: Model;
  readonly nextVersion: () => bigint;
}

/** Removes a row that exists, what belongs to it, and every lookup to it; notes the deletions. */
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

/** Children of a removed row go with it, or lose their lookup and get a new version. */
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
    if (cascades) cascadeDelete(table, child.id as string, context);
    else database.run(clear, [nextVersion(), child.id!]);
  }
}
