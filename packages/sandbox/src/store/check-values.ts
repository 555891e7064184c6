import { isLookup } from '../model/attribute.ts';
import type { Attribute, Model, TableModel } from '../model/types.ts';
import { type Database, quoteIdentifier } from './database.ts';
import { invalidArgument, rowNotFound } from './errors.ts';
import type { ColumnValues, EntityReference } from './types.ts';

/** A principal's `ownerid` is its own id: nobody writes it. */
export const isComputedColumn = (table: TableModel, name: string): boolean =>
  table.base === 'principal' && name === 'ownerid';

/** Refuses columns that the table does not have, and lookups to rows that do not exist. */
export function checkValues(
  table: TableModel,
  values: ColumnValues,
  { model, database }: { model: Model; database: Database },
): void {
  for (const [name, value] of Object.entries(values)) {
    const attribute = model.attribute(table, name);
    if (!attribute || isComputedColumn(table, name)) {
      throw invalidArgument(`'${table.logicalName}' entity doesn't contain attribute with Name = '${name}'.`);
    }
    if (value !== null && typeof value === 'object' && isLookup(attribute)) {
      checkRowReference(attribute, value, { model, database });
    }
  }
}

/** Rows of tables that are not ours are believed to exist. */
function checkRowReference(
  attribute: Attribute,
  { table: name, id }: EntityReference,
  { model, database }: { model: Model; database: Database },
): void {
  const target = model.table(name);
  const allowed = (attribute.targets ?? []).map(({ table }) => table);
  if (allowed.length > 0 && !allowed.includes(name) && !allowed.includes(target?.base ?? '')) {
    throw invalidArgument(`The column '${attribute.logicalName}' does not point at rows of '${name}'.`);
  }
  if (!target) return;
  const sql = `SELECT 1 FROM ${quoteIdentifier(target.logicalName)} WHERE ${quoteIdentifier(target.primaryId)} = ?1`;
  if (!database.get(sql, [id.toLowerCase()])) throw rowNotFound(target, id);
}
