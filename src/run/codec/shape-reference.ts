import type { JsonObject } from '../../model/json.ts';
import { findTableByName } from '../../model/table.ts';
import { readFormattedValue, readLookupLogicalName } from '../../odata/row-annotations.ts';
import type { Tables } from './encode-lookup.ts';

/**
 * A lookup of a row whose table has no schema of ours: `{ table, id, name }`, or null if it is empty. A table without a
 * schema has its logical name.
 *
 * @param assumed the logical name of the table if the row does not tell it
 */
export function shapeReference(
  tables: Tables,
  wire: JsonObject,
  wireName: string,
  assumed?: string,
): JsonObject | null {
  const id = wire[wireName] ?? null;
  if (id === null) return null;
  const logicalName = readLookupLogicalName(wire, wireName) ?? assumed;
  const table = logicalName === undefined ? undefined : findTableByName(tables, logicalName);
  return { table: table?.name ?? logicalName ?? null, id, name: readFormattedValue(wire, wireName) ?? null };
}
