import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { readFormattedValue, readLookupLogicalName } from '../odata/row-annotations.ts';

/**
 * Decodes a row that Dataverse sent: our column names, choices as labels, lookups as `{ table, id, name }`. A choice
 * that the schema does not have becomes `{ value, label }`. A column that was not sent is omitted. RESPONSE_INVALID for
 * a row without its key.
 */
export function shapeRow(table: Table, wire: JsonObject | null): JsonObject {
  if (typeof wire?.[table.key] !== 'string') {
    throw new ConnectorError(
      'RESPONSE_INVALID',
      `Dataverse sent a row of ${table.entitySet} without its key ${table.key}.`,
    );
  }
  const row: Record<string, Json> = {};
  for (const column of table.columns) {
    const value = wire[column.wireName];
    if (value !== undefined) row[column.name] = shapeValue(column, value, wire);
  }
  return row;
}

function shapeValue(column: TableColumn, value: Json, wire: JsonObject): Json {
  if (value === null) return null;
  switch (column.type) {
    case 'choice':
      return labelOf(column, value) ?? { value, label: readFormattedValue(wire, column.wireName) ?? null };
    case 'choices':
      return String(value)
        .split(',')
        .map(Number)
        .map((number) => labelOf(column, number) ?? { value: number, label: null });
    case 'lookup':
      return shapeLookup(column, value, wire);
    case 'bigint':
      return String(value);
    default:
      return value;
  }
}

function labelOf({ choices = {} }: TableColumn, value: Json): string | undefined {
  // Object.entries would allocate a list of pairs for each of the many thousand choice values of a page.
  for (const label in choices) if (choices[label] === value) return label;
  return undefined;
}

function shapeLookup(column: TableColumn, id: Json, wire: JsonObject): Json {
  const logicalName = readLookupLogicalName(wire, column.wireName);
  const [first, ...others] = column.targets ?? [];
  const target = column.targets?.find((candidate) => candidate.logicalName === logicalName);
  const onlyTable = others.length === 0 ? first?.table : undefined;
  const table = target?.table ?? logicalName ?? onlyTable ?? null;
  return { table, id, name: readFormattedValue(wire, column.wireName) ?? null };
}
