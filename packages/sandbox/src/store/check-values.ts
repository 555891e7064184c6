import { isLookup } from '../model/attribute.ts';
import type { Attribute, TableModel } from '../model/types.ts';
import { quoteIdentifier, type StoreContext } from './database.ts';
import { invalidArgument, rowNotFound } from './errors.ts';
import type { ColumnValues, EntityReference } from './types.ts';

/** Whether a column is computed: the `ownerid` of a principal is its own id. */
export const isComputedColumn = (table: TableModel, name: string): boolean =>
  table.base === 'principal' && name === 'ownerid';

/** Rejects unknown columns and lookups to rows that do not exist. */
export function checkValues(table: TableModel, values: ColumnValues, context: StoreContext): void {
  for (const [name, value] of Object.entries(values)) {
    const attribute = context.model.attribute(table, name);
    if (!attribute || isComputedColumn(table, name)) {
      throw invalidArgument(`'${table.logicalName}' entity doesn't contain attribute with Name = '${name}'.`);
    }
    if (value !== null && typeof value === 'object' && isLookup(attribute)) {
      checkRowReference(attribute, value, context);
    }
  }
}

/** Rows of tables outside the model are assumed to exist. */
function checkRowReference(
  attribute: Attribute,
  { table: name, id }: EntityReference,
  { model, database }: StoreContext,
): void {
  const target = model.table(name);
  const allowed = (attribute.targets ?? []).map(({ table }) => table);
  if (allowed.length > 0 && !allowed.includes(name) && !allowed.includes(target?.base ?? '')) {
    throw invalidArgument(`The column '${attribute.logicalName}' cannot reference rows of '${name}'.`);
  }
  if (!target) return;
  const sql = `SELECT 1 FROM ${quoteIdentifier(target.logicalName)} WHERE ${quoteIdentifier(target.primaryId)} = ?1`;
  if (!database.get(sql, [id.toLowerCase()])) throw rowNotFound(target, id);
}
