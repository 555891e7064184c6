import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Issue } from '../../model/diagnostic.ts';
import { isGuid } from '../../model/guid.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import { toJsonPointer } from '../../model/json-pointer.ts';
import { expandedName, type Table, type TableColumn } from '../../model/table.ts';
import { type EncodeRowOptions, encodeRow } from './encode-row.ts';
import { throwIfInvalid } from './invalid-value.ts';

/** What a row is written for. */
export interface EncodeRecordOptions extends Pick<EncodeRowOptions, 'path' | 'tables'> {
  readonly purpose: 'create' | 'update' | 'upsert';
  /** The id of the row that the request addresses; undefined for a create or an alternate key. */
  readonly id?: Json;
}

/** An encoded row, and the id among its values. */
export interface EncodedRecord {
  readonly body: JsonObject;
  readonly id: string | undefined;
}

/**
 * Encodes a row of a table whose columns have their logical names, and checks its names. A row can be written back as
 * it was read: if its id is among the values, the columns that only Dataverse writes are left out.
 *
 * @throws INPUT_INVALID with all issues
 */
export function encodeRecord(table: Table, values: JsonObject, options: EncodeRecordOptions): EncodedRecord {
  const { purpose, path = '', tables } = options;
  const { id = null, [table.key]: key = id, ...columns } = values;
  const isWholeRow = key !== null;
  const issues = [
    ...Object.keys(columns).flatMap((name) => nameIssue(table, name, { path, purpose, isWholeRow }) ?? []),
    ...idIssues(table, key, options),
  ];
  throwIfInvalid(issues);
  const readOnly = table.columns.filter(({ writable }) => !writable).map(({ name }) => name);
  const body = encodeRow(table, columns, { path, isNew: purpose === 'create', tables, omit: readOnly });
  const isOwnKey = purpose === 'upsert' && options.id === undefined && key !== null;
  return {
    body: isOwnKey ? { ...body, [table.key]: key } : body,
    id: key === null ? undefined : String(key),
  };
}

interface NameContext extends Pick<EncodeRecordOptions, 'purpose'> {
  readonly path: string;
  readonly isWholeRow: boolean;
}

function nameIssue(
  table: Table,
  name: string,
  { path, purpose, isWholeRow }: NameContext,
): Issue | undefined {
  const issue = (message: string): Issue => ({
    path: path + toJsonPointer(name),
    message,
    keyword: 'column',
  });
  const parties = table.parties?.some((candidate) => candidate.name === name) === true;
  if (parties && purpose === 'create') return undefined;
  if (parties) return isWholeRow ? undefined : issue('can only be set when the row is created');
  // What a read has expanded is not part of the row.
  if (name === expandedName && isWholeRow) return undefined;
  const column = table.columns.find((candidate) => candidate.name === name);
  if (column === undefined) return issue(`is not a writable column${hint(table, name)}`);
  if (column.writable || isWholeRow) return undefined;
  return issue('is not a writable column: only Dataverse sets it');
}

function hint({ columns, parties = [] }: Table, name: string): string {
  const known = [...columns.filter(({ writable }) => writable), ...parties].map((column) => column.name);
  const byWireName = columns.find(({ wireName, writable }: TableColumn) => writable && wireName === name);
  return byWireName === undefined ? didYouMean(name, known) : `: did you mean "${byWireName.name}"?`;
}

function idIssues(
  table: Table,
  key: Json,
  { purpose, id, path = '' }: EncodeRecordOptions,
): readonly Issue[] {
  if (key === null) return [];
  const issue = (message: string) => [{ path: path + toJsonPointer(table.key), message, keyword: 'column' }];
  const column = table.columns.find(({ wireName }) => wireName === table.key);
  if (typeof key !== 'string' || !isGuid(key) || column === undefined)
    return issue('must be an id: 00000000-0000-0000-0000-000000000000');
  if (purpose === 'create' || (purpose === 'upsert' && id === undefined)) return [];
  if (id === undefined) return issue('cannot be changed; the row is identified by its alternate key');
  return String(id).toLowerCase() === key.toLowerCase() ? [] : issue('is the id of another row');
}
