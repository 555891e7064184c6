import { findLookupsTo } from '../model/create-model.ts';
import type { Attribute, DeleteBehavior, Model, TableModel } from '../model/types.ts';
import { quoteIdentifier, type StoreContext } from './database.ts';
import { DataverseError } from './errors.ts';
import { sqlColumns } from './sql-columns.ts';

/** What deleting a row needs. */
export interface CascadeDeleteContext extends StoreContext {
  readonly nextVersion: () => bigint;
}

/** A lookup and what happens to its row when the referenced row is deleted. */
interface Dependency {
  readonly table: TableModel;
  readonly attribute: Attribute;
  readonly behavior: DeleteBehavior | undefined;
}

/**
 * Deletes an existing row and its dependent rows, clears the lookups to it, and records the deletions. Throws 405 when
 * a relationship forbids the deletion; the caller's transaction undoes what was deleted before.
 */
export function cascadeDelete(table: TableModel, id: string, context: CascadeDeleteContext): void {
  const { database, model, nextVersion } = context;
  const name = table.logicalName;
  const dependencies = findLookupsTo(model, table).map((lookup) => ({
    ...lookup,
    behavior: findBehavior(model, table, lookup),
  }));
  for (const each of dependencies.filter(({ behavior }) => behavior === 'restrict')) {
    if (findChildren(each, id, context).length > 0) throw deletionRestricted();
  }
  database.run(`DELETE FROM ${quoteIdentifier(name)} WHERE ${quoteIdentifier(table.primaryId)} = ?1`, [id]);
  const recordDeletionSql = 'INSERT INTO "$deleted" ("table", "version", "id") VALUES (?1, ?2, ?3)';
  database.run(recordDeletionSql, [name, nextVersion(), id]);
  for (const each of dependencies) cascadeToChildren(each, id, context);
  for (const { intersect, ends } of model.manyToMany) {
    for (const end of ends.filter((each) => each.table === name)) {
      database.run(`DELETE FROM ${quoteIdentifier(intersect)} WHERE ${quoteIdentifier(end.column)} = ?1`, [
        id,
      ]);
    }
  }
}

/**
 * The behavior of the relationship between a table and a lookup to it. A base's relationships hold for its tables. A
 * target without a relationship of its own is treated like the other targets of the lookup.
 */
function findBehavior(
  model: Model,
  { logicalName, base }: TableModel,
  { table, attribute }: Pick<Dependency, 'table' | 'attribute'>,
): DeleteBehavior | undefined {
  const candidates = model.oneToMany.filter(
    (each) => each.referencing === table.logicalName && each.attribute === attribute.logicalName,
  );
  const own = candidates.find(({ referenced }) => referenced === logicalName);
  const found = own ?? candidates.find(({ referenced }) => referenced === base);
  return found ? found.onDelete : candidates.find(({ onDelete }) => onDelete === 'cascade')?.onDelete;
}

function findChildren(
  { table, attribute }: Dependency,
  id: string,
  { database }: CascadeDeleteContext,
): readonly string[] {
  const [name, key, column] = [table.logicalName, table.primaryId, attribute.logicalName].map(
    quoteIdentifier,
  );
  const rows = database.all(`SELECT ${key} AS id FROM ${name} WHERE ${column} = ?1`, [id]);
  return rows.map((row) => row.id as string);
}

/** Deletes the rows that reference the deleted row, or clears their lookup and gives them a new version. */
function cascadeToChildren(dependency: Dependency, id: string, context: CascadeDeleteContext): void {
  const { table, attribute, behavior } = dependency;
  const [name, key] = [table.logicalName, table.primaryId].map(quoteIdentifier);
  const cleared = sqlColumns(attribute).map(([each]) => `${each} = NULL`);
  const clear = `UPDATE ${name} SET ${cleared}, "versionnumber" = ?1 WHERE ${key} = ?2`;
  for (const child of findChildren(dependency, id, context)) {
    if (behavior === 'cascade') cascadeDelete(table, child, context);
    else context.database.run(clear, [context.nextVersion(), child]);
  }
}

/** 405: rows of a relationship that restricts deletions reference the row. */
const deletionRestricted = (): DataverseError =>
  new DataverseError(
    405,
    '0x80040227',
    'The object you tried to delete is associated with another object and cannot be deleted.',
  );
