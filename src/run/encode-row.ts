import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { encodeScalar } from '../odata/encode-scalar.ts';
import { encodeParties } from './encode-parties.ts';

/**
 * Encodes a row for a request body: logical column names, choices as numbers, lookups as `@odata.bind`.
 *
 * @param row a row by our column names, checked against its schema
 * @param omit names that are not columns of the body, such as the id in the path
 * @throws INPUT_INVALID for a choice, lookup or number that cannot be encoded
 */
export function encodeRow(table: Table, row: JsonObject, omit: readonly string[] = []): JsonObject {
  const wire: Record<string, Json> = {};
  for (const [name, value] of Object.entries(row)) {
    if (omit.includes(name)) continue;
    const parties = table.parties?.find((candidate) => candidate.name === name);
    if (parties !== undefined) {
      const others = (wire[parties.collection] ?? []) as readonly Json[];
      wire[parties.collection] = [...others, ...encodeParties(parties, value as readonly JsonObject[])];
    }
    const column = table.columns.find((candidate) => candidate.name === name);
    if (column === undefined) continue;
    for (const [key, encoded] of encodeColumn(column, value)) wire[key] = encoded;
  }
  return wire;
}

function encodeColumn(column: TableColumn, value: Json): readonly (readonly [string, Json])[] {
  if (column.type === 'lookup') return encodeLookup(column, value);
  if (value === null) return [[column.logicalName, null]];
  if (column.type === 'choice') return [[column.logicalName, choiceNumber(column, value)]];
  if (column.type === 'choices') {
    const numbers = (Array.isArray(value) ? value : [value]).map((item) =>
      choiceNumber(column, item as Json),
    );
    return [[column.logicalName, numbers.join(',')]];
  }
  if (column.type === 'decimal' && typeof value === 'string')
    return [[column.logicalName, exactNumber(column, value)]];
  return [[column.logicalName, value]];
}

/** `null` clears the lookup whatever table it refers to, so every navigation property of the lookup is cleared. */
function encodeLookup(column: TableColumn, value: Json): readonly (readonly [string, Json])[] {
  const targets = column.targets ?? [];
  if (value === null) return targets.map((target) => [`${target.navigation}@odata.bind`, null]);
  const { text: id } = encodeScalar(value, { kind: 'lookup' }, () => {
    throw invalidColumnError(column, 'must be a row: { "table": …, "id": … }');
  });
  const { table } = value as { table?: string };
  const named = targets.find((candidate) => candidate.table === table);
  const target = table === undefined && targets.length === 1 ? targets[0] : named;
  if (target === undefined) {
    const known = targets.map((candidate) => candidate.table).join(' or ');
    throw invalidColumnError(column, `must point to ${known}`);
  }
  return [[`${target.navigation}@odata.bind`, `/${target.entitySet}(${id})`]];
}

function choiceNumber(column: TableColumn, value: Json): number {
  const type = { kind: 'choice', choices: column.choices ?? {} } as const;
  return Number(
    encodeScalar(value, type, (message) => {
      throw invalidColumnError(column, message);
    }).text,
  );
}

/** Dataverse accepts JSON numbers only, so digits that a double cannot hold are rejected instead of rounded. */
function exactNumber(column: TableColumn, digits: string): number {
  const number = Number(digits);
  const decimals = digits.split('.')[1]?.length ?? 0;
  // toFixed writes the exact value of the double with as many decimals as the input has.
  const same = decimals <= 100 && trimZeros(number.toFixed(decimals)) === trimZeros(digits);
  if (!same) throw invalidColumnError(column, 'has more digits than a JSON number can hold');
  return number;
}

function trimZeros(digits: string): string {
  const short = digits.replace(/^(-?)0+(?=\d)/, '$1');
  return short.includes('.') ? short.replace(/\.?0+$/, '') : short;
}

function invalidColumnError(column: TableColumn, message: string): ConnectorError {
  const path = `/${column.name}`;
  return new ConnectorError('INPUT_INVALID', `${path} ${message}`, {
    issues: [{ path, message, keyword: 'codec' }],
  });
}
