import type { Attribute, DeleteBehavior, Model, TableModel } from '../model/types.ts';
import { quoteIdentifier, type StoreContext } from './database.ts';
import { DataverseError } from './errors.ts';
import type { RecycleBin } from './recycle-bin.ts';
import { sqlColumns } from './sql-columns.ts';
import type { Dependent } from './types.ts';

/** What deleting a row needs. */
export interface CascadeDeleteContext extends StoreContext {
  readonly nextVersion: () => bigint;
  /** Keeps what is deleted. */
  readonly bin: RecycleBin;
}

/** A lookup and what happens to its row when the referenced row is deleted. */
interface Dependency {
  readonly table: TableModel;
  readonly attribute: Attribute;
  readonly behavior: DeleteBehavior | undefined;
}

/**
 * Deletes a row and its dependent rows, clears the lookups to it, and records the deletions. Throws 405 when
 * a relationship forbids the deletion; the caller's transaction undoes what was deleted before.
 *
 * @param parent entry in the recycle bin of the row whose deletion causes this one
 */
export function cascadeDelete(
  table: TableModel,
  id: string,
  context: CascadeDeleteContext,
  parent?: bigint,
): void {
  const { database, model, nextVersion, bin } = context;
  const name = table.logicalName;
  const dependencies = findDependencies(model, table);
  for (const each of dependencies.filter(({ behavior }) => behavior === 'restrict')) {
    if (findChildren(each, id, context).length > 0) throw deletionRestricted();
  }
  const version = nextVersion();
  const entry = bin.keep(table, id, version, parent) ? version : undefined;
  const sql = `DELETE FROM ${quoteIdentifier(name)} WHERE ${quoteIdentifier(table.primaryId)} = ?1`;
  // A row that depends on two deleted rows is deleted with the first one.
  if (database.run(sql, [id]) === 0) return;
  const recordDeletionSql = 'INSERT INTO "$deleted" ("table", "version", "id") VALUES (?1, ?2, ?3)';
  database.run(recordDeletionSql, [name, version, id]);
  database.run('DELETE FROM "principalobjectaccess" WHERE "objectid" = ?1 OR "principalid" = ?1', [id]);
  for (const each of dependencies) cascadeToChildren(each, { id, entry }, context);
  for (const { intersect, ends } of model.manyToMany) {
    for (const end of ends.filter((each) => each.table === name)) {
      database.run(`DELETE FROM ${quoteIdentifier(intersect)} WHERE ${quoteIdentifier(end.column)} = ?1`, [
        id,
      ]);
    }
  }
}

/** The lookups to a table. */
const findDependencies = (model: Model, table: TableModel): readonly Dependency[] =>
  model.lookupsTo(table).map((lookup) => ({ ...lookup, behavior: findBehavior(model, table, lookup) }));

/**
 * The behavior of the relationship between a table and a lookup to it. A base's relationships hold for its tables. A
 * target without a relationship of its own is treated like the other targets of the lookup.
 */
function findBehavior(
  model: Model,
  { logicalName, base }: TableModel,
  { table, attribute }: Pick<Dependency, 'table' | 'attribute'>,
): DeleteBehavior | undefined {
  const candidates = model
    .relationshipsFrom(table.logicalName)
    .filter((each) => each.attribute === attribute.logicalName);
  const own = candidates.find(({ referenced }) => referenced === logicalName);
  const found = own ?? candidates.find(({ referenced }) => referenced === base);
  return found ? found.onDelete : candidates.find(({ onDelete }) => onDelete === 'cascade')?.onDelete;
}

/**
 * The rows that the deletion of a row would delete, with those that depend on them, or whose lookups it would clear.
 * Rows that it reaches in several ways are named once, those that depend on each other too.
 */
export function findDependents(table: TableModel, id: string, context: StoreContext): readonly Dependent[] {
  const deleted = new Set([rowKey(table, id)]);
  const dependents = collectDependents(table, id, { context, deleted });
  const isLeft = ({ row }: Dependent) => !deleted.has(rowKey({ logicalName: row.table }, row.id));
  return dependents.filter((each) => each.cleared === undefined || isLeft(each));
}

const rowKey = ({ logicalName }: Pick<TableModel, 'logicalName'>, id: string): string =>
  `${logicalName} ${id}`;

/** Adds the rows that would be deleted to `deleted`, by table and id. */
function collectDependents(
  table: TableModel,
  id: string,
  search: { readonly context: StoreContext; readonly deleted: Set<string> },
): readonly Dependent[] {
  const { context, deleted } = search;
  return findDependencies(context.model, table).flatMap((dependency) => {
    const { table: from, attribute, behavior } = dependency;
    return findChildren(dependency, id, context).flatMap((child): readonly Dependent[] => {
      const row = { table: from.logicalName, id: child };
      if (behavior !== 'cascade') return [{ row, cleared: attribute.logicalName }];
      if (deleted.has(rowKey(from, child))) return [];
      deleted.add(rowKey(from, child));
      return [...collectDependents(from, child, search), { row }];
    });
  });
}

function findChildren(
  { table, attribute }: Dependency,
  id: string,
  { database }: StoreContext,
): readonly string[] {
  const [name, key, column] = [table.logicalName, table.primaryId, attribute.logicalName].map(
    quoteIdentifier,
  );
  const rows = database.all(`SELECT ${key} AS id FROM ${name} WHERE ${column} = ?1`, [id]);
  return rows.map((row) => row.id as string);
}

/** Deletes the rows that reference the deleted row, or clears their lookup and gives them a new version. */
function cascadeToChildren(
  dependency: Dependency,
  { id, entry }: { readonly id: string; readonly entry: bigint | undefined },
  context: CascadeDeleteContext,
): void {
  const { table, attribute, behavior } = dependency;
  const [name, key] = [table.logicalName, table.primaryId].map(quoteIdentifier);
  const cleared = sqlColumns(attribute).map(([each]) => `${each} = NULL`);
  const clear = `UPDATE ${name} SET ${cleared}, "versionnumber" = ?1 WHERE ${key} = ?2`;
  for (const child of findChildren(dependency, id, context)) {
    if (behavior === 'cascade') {
      cascadeDelete(table, child, context, entry);
      continue;
    }
    context.database.run(clear, [context.nextVersion(), child]);
    if (entry !== undefined) context.bin.keepReference(entry, table, attribute, child);
  }
}

/** 405: rows of a relationship that restricts deletions reference the row. */
const deletionRestricted = (): DataverseError =>
  new DataverseError(
    405,
    '0x80040227',
    'The object you tried to delete is associated with another object and cannot be deleted.',
  );
