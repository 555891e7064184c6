import { ConnectorError } from '../errors/connector-error.ts';
import { suggest } from '../errors/suggest.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import type { Slot, Template } from '../model/template.ts';
import { entitySet, type WithTable, withTable } from '../run/organisation-table.ts';
import { queryRows } from '../run/query-rows.ts';
import { rowKey } from '../run/row-key.ts';
import { shapeRow } from '../run/shape-row.ts';
import type { Handler, HandlerContext } from './handler.ts';
import {
  fixedPath,
  type Prepare,
  type Prepared,
  type PreparedRequest,
  requestAction,
  slot,
} from './prepare.ts';

/** Reads a row of any table, by its id or an alternate key. */
export const getRecord: Prepare = async ({ table, id, key }, context) => {
  const scope = await withTable(context.connection, String(table));
  return prepare(scope, context, {
    method: 'GET',
    path: pathOf(scope.table, { id, key }),
    safety: 'repeatable',
  });
};

/** Reads rows of any table; what is written in OData's words is checked first. */
export const listRecords: Handler = async (
  { table, filter, select, orderBy, limit },
  { connection, options },
) => {
  const scope = await withTable(connection, String(table));
  const rows: JsonObject[] = [];
  const query = {
    table: String(table),
    ...(filter === undefined ? {} : { filter: String(filter) }),
    ...(select === undefined ? {} : { select: (select as readonly string[]).join(',') }),
    ...(orderBy === undefined ? {} : { orderBy: String(orderBy) }),
  };
  const most = Number(limit);
  const paging = { pageSize: Math.min(most, 5000), ...(options.signal && { signal: options.signal }) };
  for await (const page of queryRows(connection, query, paging)) {
    rows.push(...page.map((row) => shapeRow(scope.table, row)));
    if (rows.length >= most) break;
  }
  return rows.slice(0, most);
};

/** Creates a row of any table. */
export const createRecord: Prepare = async ({ table, values }, context) => {
  const scope = await withTable(context.connection, String(table));
  checkColumns(scope.table, values as JsonObject);
  const newId: Slot = { path: ['new', 'id'], type: { kind: 'uuid' }, position: 'key' };
  const path: Template = { parts: [`/${scope.table.set}(`, newId, ')'] };
  return prepare(scope, context, { method: 'PATCH', path, safety: 'create', values });
};

/** Changes a row of any table; never creates one. */
export const updateRecord: Prepare = async ({ table, id, key, values }, context) => {
  const scope = await withTable(context.connection, String(table));
  checkColumns(scope.table, values as JsonObject);
  const path = pathOf(scope.table, { id, key });
  return prepare(scope, context, { method: 'PATCH', path, safety: 'repeatable', values });
};

/** Changes the row of any table that matches, or creates it. */
export const upsertRecord: Prepare = async ({ table, id, key, values }, context) => {
  const scope = await withTable(context.connection, String(table));
  checkColumns(scope.table, values as JsonObject);
  const columns = columnsToFindBy({ id, key });
  const by: Slot = { path: ['input', 'matchOn'], type: { kind: 'names' }, position: 'json' };
  const match = { table: scope.table.name, mode: slot('input', 'mode'), by };
  const path = fixedPath(`/${scope.table.set}`);
  const { input, ...prepared } = prepare(scope, context, {
    method: 'PATCH',
    path,
    match,
    safety: 'repeatable',
    values,
  });
  return { ...prepared, input: { ...columns, ...input, matchOn: Object.keys(columns), mode: 'upsert' } };
};

/** Deletes a row of any table. */
export const deleteRecord: Prepare = async ({ table, id }, { connection, action }) => {
  const path = fixedPath(`/${await entitySet(connection, String(table))}(${id})`);
  const request = { method: 'DELETE', path, safety: 'delete' } as const;
  return { connection, action: requestAction(action, request, { kind: 'none' }), input: {} };
};

interface RowRequest extends PreparedRequest {
  readonly values?: Json | undefined;
}

/** A request that answers a row, and writes one where it has values. */
function prepare(
  { connection, table: { name: table } }: WithTable,
  { action }: Pick<HandlerContext, 'action'>,
  { values, ...request }: RowRequest,
): Prepared {
  const output = { kind: 'row', table } as const;
  if (values === undefined) return { connection, action: requestAction(action, request, output), input: {} };
  const body = {
    kind: 'row',
    table,
    value: { kind: 'slot', slot: slot('input', 'values') },
    omit: [],
  } as const;
  return { connection, action: requestAction(action, { ...request, body }, output), input: { values } };
}

function pathOf(table: Table, { id, key }: { id: Json | undefined; key: Json | undefined }): Template {
  const columns = columnsToFindBy({ id, key });
  return fixedPath(`/${table.set}${rowKey(table, Object.keys(columns), columns)}`);
}

function columnsToFindBy({ id, key }: { id: Json | undefined; key: Json | undefined }): JsonObject {
  if (id === undefined) return (key ?? {}) as JsonObject;
  if (key === undefined) return { id };
  throw new ConnectorError('INPUT_INVALID', 'Give the id or an alternate key, not both.');
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
        message: `is no column that can be written${hint}`,
        keyword: 'column',
      };
    });
  const [first] = issues;
  if (first !== undefined)
    throw new ConnectorError('INPUT_INVALID', `${first.path} ${first.message}`, { issues });
}
