import { ConnectorError } from '../errors/connector-error.ts';
import type { Match } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Column, Table } from '../model/table.ts';
import { encodeValue } from '../odata/literal.ts';
import { type Scope, slotValue } from './scope.ts';

/** The columns that a match counts: those the input lists, or all that it gives. */
export function matchNames({ by }: Match, scope: Scope): readonly string[] {
  const listed = by && (slotValue(by, scope) as readonly string[]);
  return listed ?? Object.keys(scope.input ?? {});
}

/**
 * The row that has these values in these columns, as it stands after the entity set: `(id)` or `(accountnumber='A1',name='Contoso')`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-alternate-key-reference-record
 */
export function rowKey(table: Table, names: readonly string[], input: JsonObject): string {
  if (names.length === 0) throw missing('', 'needs a column to find the row by');
  if (names.length === 1 && names[0] === 'id') return `(${keyValue(idOf(table), input)})`;
  return `(${names.map((name) => keyPart(table, name, input)).join(',')})`;
}

function keyPart(table: Table, name: string, input: JsonObject): string {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw missing(name, 'is not a column that rows are found by');
  return `${column.wire}=${keyValue(column, input)}`;
}

function keyValue({ name, type, choices, targets }: Column, input: JsonObject): string {
  const value = input[name];
  if (value === undefined || value === null) throw missing(name, 'is needed to find the row');
  return encodeValue(value, {
    path: ['input', name],
    type: { kind: type, ...(choices && { choices }), ...(targets && { targets }) },
    position: 'key',
  });
}

function idOf(table: Table): Column {
  return table.columns.find(({ wire }) => wire === table.key)!;
}

function missing(name: string, message: string): ConnectorError {
  const path = name === '' ? '' : `/${name}`;
  return new ConnectorError('INPUT_INVALID', `${path || 'The input'} ${message}`, {
    issues: [{ path, message, keyword: 'match' }],
  });
}
