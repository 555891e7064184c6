import { ConnectorError } from '../../errors/connector-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { AlternateKeyMatch } from '../../model/definition.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { parseJsonPointer, toJsonPointer } from '../../model/json-pointer.ts';
import type { Table, TableColumn } from '../../model/table.ts';
import { encodeScalar } from '../../odata/encode-scalar.ts';
import { encodeValue } from '../../odata/encode-value.ts';
import { placeholderValue, type TemplateScope } from '../template-scope.ts';
import { rejectAt } from './invalid-value.ts';

/** The columns that identify the row: those that the input lists, or all columns of the input. */
export function matchColumns({ columns: by }: AlternateKeyMatch, scope: TemplateScope): readonly string[] {
  const columns = by && (placeholderValue(by, scope) as readonly string[]);
  return columns ?? Object.keys(scope.input ?? {});
}

/**
 * The key of a row in a URL, after the entity set: `(id)` or `(accountnumber='A1',name='Contoso')`.
 *
 * @param names the columns of the key: `['id']` or those of an alternate key
 * @param path the JSON Pointer of the columns in the input, for errors: `/customer/key`
 * @throws INPUT_INVALID if a column is unknown or has no value
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-alternate-key-reference-record
 */
export function rowKey(table: Table, names: readonly string[], input: JsonObject, path = ''): string {
  if (names.length === 0)
    throw missingKeyError(path, 'must have at least one column that identifies the row');
  if (names.length === 1 && names[0] === 'id') return `(${renderKeyValue(idColumnOf(table), input, path)})`;
  return `(${names.map((name) => renderKeyColumn(table, name, { input, path })).join(',')})`;
}

/** The id of a row in parentheses, after the entity set. INPUT_INVALID if it is not an id. */
export function idKey(id: Json | undefined, path = '/id'): string {
  return `(${encodeScalar(id ?? null, { kind: 'uuid' }, rejectAt(path)).text})`;
}

function renderKeyColumn(
  table: Table,
  name: string,
  { input, path }: { readonly input: JsonObject; readonly path: string },
): string {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) {
    const hint = didYouMean(
      name,
      table.columns.map((known) => known.name),
    );
    throw missingKeyError(path + toJsonPointer(name), `is not a column of the table${hint}`);
  }
  return `${column.wireName}=${renderKeyValue(column, input, path)}`;
}

function renderKeyValue(
  { name, type, choices, targets }: TableColumn,
  input: JsonObject,
  path: string,
): string {
  const value = input[name];
  if (value === undefined || value === null) {
    throw missingKeyError(path + toJsonPointer(name), 'must have a value, since it identifies the row');
  }
  return encodeValue(value, {
    path: ['input', ...parseJsonPointer(path), name],
    type: { kind: type, choices, targets },
    position: 'key',
  });
}

function idColumnOf({ name, columns, key }: Table): TableColumn {
  const column = columns.find(({ wireName }) => wireName === key);
  if (column === undefined) throw new Error(`The table "${name}" has no column for its key ${key}.`);
  return column;
}

function missingKeyError(path: string, message: string): ConnectorError {
  return new ConnectorError('INPUT_INVALID', `${path || 'The input'} ${message}`, {
    issues: [{ path, message, keyword: 'match' }],
  });
}
