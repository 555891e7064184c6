import { ConnectorError } from '../errors/connector-error.ts';
import type { AlternateKeyMatch } from '../model/definition.ts';
import type { JsonObject } from '../model/json.ts';
import type { Table, TableColumn } from '../model/table.ts';
import { encodeValue } from '../odata/encode-value.ts';
import { placeholderValue, type TemplateScope } from './template-scope.ts';

/** The columns that identify the row: those that the input lists, or all columns of the input. */
export function matchColumns({ columns: by }: AlternateKeyMatch, scope: TemplateScope): readonly string[] {
  const columns = by && (placeholderValue(by, scope) as readonly string[]);
  return columns ?? Object.keys(scope.input ?? {});
}

/**
 * The key of a row in a URL, after the entity set: `(id)` or `(accountnumber='A1',name='Contoso')`.
 *
 * @param names the columns of the key: `['id']` or those of an alternate key
 * @throws INPUT_INVALID if a column is unknown or has no value
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-alternate-key-reference-record
 */
export function rowKey(table: Table, names: readonly string[], input: JsonObject): string {
  if (names.length === 0) throw missingKeyError('', 'must have at least one column that identifies the row');
  if (names.length === 1 && names[0] === 'id') return `(${renderKeyValue(idColumnOf(table), input)})`;
  return `(${names.map((name) => renderKeyColumn(table, name, input)).join(',')})`;
}

function renderKeyColumn(table: Table, name: string, input: JsonObject): string {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) throw missingKeyError(name, 'is not a column of the table');
  return `${column.wireName}=${renderKeyValue(column, input)}`;
}

function renderKeyValue({ name, type, choices, targets }: TableColumn, input: JsonObject): string {
  const value = input[name];
  if (value === undefined || value === null) {
    throw missingKeyError(name, 'must have a value, since it identifies the row');
  }
  return encodeValue(value, {
    path: ['input', name],
    type: { kind: type, choices, targets },
    position: 'key',
  });
}

function idColumnOf({ name, columns, key }: Table): TableColumn {
  const column = columns.find(({ wireName }) => wireName === key);
  if (column === undefined) throw new Error(`The table "${name}" has no column for its key ${key}.`);
  return column;
}

function missingKeyError(name: string, message: string): ConnectorError {
  const path = name === '' ? '' : `/${name}`;
  return new ConnectorError('INPUT_INVALID', `${path || 'The input'} ${message}`, {
    issues: [{ path, message, keyword: 'match' }],
  });
}
