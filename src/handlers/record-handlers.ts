import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import type { Placeholder, Template } from '../model/template.ts';
import { maxPageSize } from '../odata/limits.ts';
import { type ConnectionWithTable, loadTable, requireEntitySet } from '../run/metadata-table.ts';
import { queryRows } from '../run/query-rows.ts';
import { rowKey } from '../run/row-key.ts';
import { shapeRow } from '../run/shape-row.ts';
import type { Handler, HandlerContext } from './handler.ts';
import {
  literalTemplate,
  type PrepareAction,
  type PreparedAction,
  type PreparedRequest,
  placeholder,
  toRequestAction,
} from './prepare.ts';

/** Reads a row of any table, by its id or an alternate key. */
export const getRecord: PrepareAction = async ({ table, id, key }, context) => {
  const loaded = await loadTable(context.connection, String(table));
  return prepareRow(loaded, context, {
    method: 'GET',
    path: rowPath(loaded.table, { id, key }),
    safety: 'repeatable',
  });
};

/** Lists rows of any table. The filter, select and order are checked before they are sent. */
export const listRecords: Handler = async (
  { table, filter, select, orderBy, limit },
  { connection, options },
) => {
  const loaded = await loadTable(connection, String(table));
  const rows: JsonObject[] = [];
  const query = {
    table: String(table),
    filter: filter as string | undefined,
    select: (select as readonly string[] | undefined)?.join(','),
    orderBy: orderBy as string | undefined,
  };
  const maxRows = Number(limit);
  const paging = { pageSize: Math.min(maxRows, maxPageSize), signal: options.signal };
  for await (const page of queryRows(connection, query, paging)) {
    rows.push(...page.map((row) => shapeRow(loaded.table, row)));
    if (rows.length >= maxRows) break;
  }
  return rows.slice(0, maxRows);
};

/** Creates a row of any table. */
export const createRecord: PrepareAction = async ({ table, values }, context) => {
  const loaded = await loadTable(context.connection, String(table));
  checkColumns(loaded.table, values as JsonObject);
  const newId: Placeholder = { path: ['new', 'id'], type: { kind: 'uuid' }, position: 'key' };
  const path: Template = { parts: [`/${loaded.table.entitySet}(`, newId, ')'] };
  return prepareRow(loaded, context, { method: 'PATCH', path, safety: 'create', values });
};

/** Updates a row of any table; never creates one. */
export const updateRecord: PrepareAction = async ({ table, id, key, values }, context) => {
  const loaded = await loadTable(context.connection, String(table));
  checkColumns(loaded.table, values as JsonObject);
  const path = rowPath(loaded.table, { id, key });
  return prepareRow(loaded, context, { method: 'PATCH', path, safety: 'repeatable', values });
};

/** Updates the matching row of any table, or creates it. */
export const upsertRecord: PrepareAction = async ({ table, id, key, values }, context) => {
  const loaded = await loadTable(context.connection, String(table));
  checkColumns(loaded.table, values as JsonObject);
  const keyValues = keyColumns({ id, key });
  const columns: Placeholder = { path: ['input', 'matchOn'], type: { kind: 'names' }, position: 'json' };
  const match = { table: loaded.table.name, mode: placeholder('input', 'mode'), columns };
  const path = literalTemplate(`/${loaded.table.entitySet}`);
  const { input, ...prepared } = prepareRow(loaded, context, {
    method: 'PATCH',
    path,
    match,
    safety: 'repeatable',
    values,
  });
  return { ...prepared, input: { ...keyValues, ...input, matchOn: Object.keys(keyValues), mode: 'upsert' } };
};

/** Deletes a row of any table. */
export const deleteRecord: PrepareAction = async ({ table, id }, { connection, action }) => {
  const path = literalTemplate(`/${await requireEntitySet(connection, String(table))}(${id})`);
  const request = { method: 'DELETE', path, safety: 'delete' } as const;
  return { connection, action: toRequestAction(action, request, { kind: 'none' }), input: {} };
};

interface RowRequest extends PreparedRequest {
  readonly values?: Json;
}

/** A request that returns a row; with values, it also writes the row. */
function prepareRow(
  { connection, table: { name: table } }: ConnectionWithTable,
  { action }: Pick<HandlerContext, 'action'>,
  { values, ...request }: RowRequest,
): PreparedAction {
  const output = { kind: 'row', table } as const;
  if (values === undefined)
    return { connection, action: toRequestAction(action, request, output), input: {} };
  const body = {
    kind: 'row',
    table,
    value: { kind: 'placeholder', placeholder: placeholder('input', 'values') },
    omit: [],
  } as const;
  return { connection, action: toRequestAction(action, { ...request, body }, output), input: { values } };
}

function rowPath(table: Table, { id, key }: { id: Json | undefined; key: Json | undefined }): Template {
  const columns = keyColumns({ id, key });
  return literalTemplate(`/${table.entitySet}${rowKey(table, Object.keys(columns), columns)}`);
}

function keyColumns({ id, key }: { id: Json | undefined; key: Json | undefined }): JsonObject {
  if (id === undefined) return (key ?? {}) as JsonObject;
  if (key === undefined) return { id };
  throw new ConnectorError('INPUT_INVALID', 'Use the id or an alternate key, not both.');
}

function checkColumns(table: Table, values: JsonObject): void {
  const known = table.columns.filter(({ writable }) => writable).map(({ name }) => name);
  const issues = Object.keys(values)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const [nearest] = suggest(name, known, 1);
      const hint = nearest === undefined ? '' : `: did you mean "${nearest}"?`;
      return {
        path: `/values/${name}`,
        message: `is not a writable column${hint}`,
        keyword: 'column',
      };
    });
  const [first] = issues;
  if (first !== undefined)
    throw new ConnectorError('INPUT_INVALID', `${first.path} ${first.message}`, { issues });
}
