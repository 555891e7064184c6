import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { readFormattedValue, readLookupLogicalName } from '../odata/row-annotations.ts';

/**
 * A row as Dataverse sent it, in our words: our names, choices as labels, lookups as `{ table, id, name }`.
 * A choice that the schema does not know passes as `{ value, label }`; a column that was not sent is left
 * out; a row without its key is RESPONSE_INVALID.
 */
export function shapeRow(table: Table, wire: JsonObject | null): JsonObject {
  if (typeof wire?.[table.key] !== 'string') {
    throw new ConnectorError(
      'RESPONSE_INVALID',
      `A row of ${table.entitySet} came without its key ${table.key}.`,
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
  // Not Object.entries: a page has many thousands of choices, each of which would make a list of lists.
  for (const label in choices) if (choices[label] === value) return label;
  return undefined;
}

function shapeLookup(column: TableColumn, id: Json, wire: JsonObject): Json {
  const logicalName = readLookupLogicalName(wire, column.wireName);
  const targets = column.targets ?? [];
  const target = targets.find((candidate) => candidate.logicalName === logicalName);
  const table = target?.table ?? logicalName ?? (targets.length === 1 ? targets[0]!.table : null);
  return { table, id, name: readFormattedValue(wire, column.wireName) ?? null };
}
