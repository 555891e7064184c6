import { isJsonArray, isJsonObject, type Json, type JsonObject } from '../../model/json.ts';
import type { Table, TableColumn } from '../../model/table.ts';
import { formattedValueName, lookupTableName } from '../../odata/row-annotations.ts';

/** A row of a test, which has our names and values, as Dataverse would send it. */
export function encodeTestRow(table: Table, row: JsonObject): JsonObject {
  return Object.fromEntries(
    table.columns.flatMap((column) => {
      const value = row[column.name];
      return value === undefined ? [] : encodeCell(column, value);
    }),
  );
}

function encodeCell(column: TableColumn, value: Json): readonly (readonly [string, Json])[] {
  const { wireName, type } = column;
  if (type === 'lookup' && isJsonObject(value)) return encodeLookup(column, value);
  if (type === 'choices' && isJsonArray(value))
    return [[wireName, value.map((one) => numberOf(column, one)).join(',')]];
  if (type === 'bigint' || type === 'decimal') return [[wireName, value === null ? null : Number(value)]];
  return [[wireName, type === 'choice' ? numberOf(column, value) : value]];
}

/** The number of a label; a choice that the schema lacks is `{ value, label }`. */
function numberOf({ choices = {} }: TableColumn, value: Json): Json {
  if (isJsonObject(value)) return value.value ?? null;
  const known = typeof value === 'string' && Object.hasOwn(choices, value) ? choices[value] : undefined;
  return typeof known === 'number' ? known : (known?.[0] ?? value);
}

function encodeLookup(
  { wireName, targets = [] }: TableColumn,
  { table, id, name }: JsonObject,
): readonly (readonly [string, Json])[] {
  const target =
    table === undefined && targets.length === 1 ? targets[0] : targets.find((one) => one.table === table);
  return [
    [wireName, id ?? null],
    [lookupTableName(wireName), target?.logicalName ?? String(table)],
    ...(name === undefined ? [] : [[formattedValueName(wireName), name] as const]),
  ];
}
