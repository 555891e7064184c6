import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Column, Table } from '../model/table.ts';
import { formattedValue, lookupLogicalName } from '../odata/row.ts';

/**
 * A row as Dataverse sent it, in our words: our names, choices as labels, lookups as `{ table, id, name }`.
 * A choice that the schema does not know passes as `{ value, label }`; a column that was not sent is left
 * out; a row without its key is RESPONSE_INVALID.
 */
export function shapeRow(table: Table, wire: JsonObject | null): JsonObject {
  if (typeof wire?.[table.key] !== 'string') {
    throw new ConnectorError('RESPONSE_INVALID', `A row of ${table.set} came without its key ${table.key}.`);
  }
  const row: Record<string, Json> = {};
  for (const column of table.columns) {
    const value = wire[column.wire];
    if (value !== undefined) row[column.name] = shapeValue(column, value, wire);
  }
  return row;
}

function shapeValue(column: Column, value: Json, wire: JsonObject): Json {
  if (value === null) return null;
  switch (column.type) {
    case 'choice':
      return choiceLabel(column, value, formattedValue(wire, column.wire));
    case 'choices':
      return String(value)
        .split(',')
        .map((number) => choiceLabel(column, Number(number), undefined));
    case 'lookup':
      return shapeLookup(column, value, wire);
    case 'bigint':
      return String(value);
    default:
      return value;
  }
}

function choiceLabel(column: Column, value: Json, formatted: string | undefined): Json {
  for (const [label, number] of Object.entries(column.choices ?? {})) if (number === value) return label;
  return { value, label: formatted ?? null };
}

function shapeLookup(column: Column, id: Json, wire: JsonObject): Json {
  const logicalName = lookupLogicalName(wire, column.wire);
  const targets = column.targets ?? [];
  const target = targets.find((candidate) => candidate.logicalName === logicalName);
  const table = target?.table ?? logicalName ?? (targets.length === 1 ? targets[0]!.table : null);
  return { table, id, name: formattedValue(wire, column.wire) ?? null };
}
