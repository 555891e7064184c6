import { ConnectorError } from '../errors/connector-error.ts';
import type { AlternateKeyMatch } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { encodeValue } from '../odata/encode-value.ts';
import { placeholderValue, type TemplateScope } from './template-scope.ts';

/** The columns that a match counts: those the input lists, or all that it gives. */
export function matchColumns({ columns: by }: AlternateKeyMatch, scope: TemplateScope): readonly string[] {
  const columns = by && (placeholderValue(by, scope) as readonly string[]);
  return columns ?? Object.keys(scope.input ?? {});
}

/**
 * The row that has these values in these columns, as it stands after the entity set: `(id)` or `(accountnumber='A1',name='Contoso')`.
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-alternate-key-reference-record
 */
export function rowKey(table: Table, names: readonly string[], input: JsonObject): string {
  if (names.length === 0) throw missingKeyError('', 'needs a column to find the row by');
  if (names.length === 1 && names[0] === 'id') return `(${renderKeyValue(idColumnOf(table), input)})`;
  return `(${names.map((name) => renderKeyColumn(table, name, input)).join(',')})`;
}

function renderKeyColumn(table: Table, name: string, input: JsonObject): string {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw missingKeyError(name, 'is not a column that rows are found by');
  return `${column.wireName}=${renderKeyValue(column, input)}`;
}

function renderKeyValue({ name, type, choices, targets }: TableColumn, input: JsonObject): string {
  const value = input[name];
  if (value === undefined || value === null) throw missingKeyError(name, 'is needed to find the row');
  return encodeValue(value, {
    path: ['input', name],
    type: { kind: type, ...(choices && { choices }), ...(targets && { targets }) },
    position: 'key',
  });
}

function idColumnOf(table: Table): TableColumn {
  return table.columns.find(({ wireName }) => wireName === table.key)!;
}

function missingKeyError(name: string, message: string): ConnectorError {
  const path = name === '' ? '' : `/${name}`;
  return new ConnectorError('INPUT_INVALID', `${path || 'The input'} ${message}`, {
    issues: [{ path, message, keyword: 'match' }],
  });
}
