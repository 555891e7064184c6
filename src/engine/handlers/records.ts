import { ConnectorError } from '../../errors/connector-error.ts';
import { suggest } from '../../errors/suggest.ts';
import type { RequestAction } from '../../model/definition.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Table } from '../../model/table.ts';
import type { Slot, Template } from '../../model/template.ts';
import { callApi } from '../call-api.ts';
import { entitySet, type WithTable, withTable } from '../organisation-table.ts';
import { queryRows } from '../query/query-rows.ts';
import { rowKey } from '../row-key.ts';
import { runAction } from '../run-action.ts';
import { shapeRow } from '../shape-row.ts';
import type { Handler, HandlerContext } from './handler.ts';

/** Reads a row of any table, by its id or an alternate key. */
export const recordGet: Handler = async ({ table, id, key }, context) => {
  const scope = await withTable(context.connection, String(table));
  const path = pathOf(scope.table, { id, key });
  return await run(scope, context, { method: 'GET', path, safety: 'repeatable' });
};

/** Reads rows of any table; what is written in OData's words is checked first. */
export const recordList: Handler = async (
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
export const recordCreate: Handler = async ({ table, values }, context) => {
  const scope = await withTable(context.connection, String(table));
  checkColumns(scope.table, values as JsonObject);
  const newId: Slot = { path: ['new', 'id'], type: { kind: 'uuid' }, position: 'key' };
  const path: Template = { parts: [`/${scope.table.set}(`, newId, ')'] };
  return await run(scope, context, { method: 'PATCH', path, safety: 'create', values });
};

/** Changes a row of any table; never creates one. */
export const recordUpdate: Handler = async ({ table, id, key, values }, context) => {
  const scope = await withTable(context.connection, String(table));
  checkColumns(scope.table, values as JsonObject);
  const path = pathOf(scope.table, { id, key });
  return await run(scope, context, { method: 'PATCH', path, safety: 'repeatable', values });
};

/** Changes the row of any table that matches, or creates it. */
export const recordUpsert: Handler = async ({ table, id, key, values }, context) => {
  const { connection, table: found } = await withTable(context.connection, String(table));
  checkColumns(found, values as JsonObject);
  const match = { table: found.name, mode: slot('input', 'mode') };
  const action = actionOf(context, found, {
    method: 'PATCH',
    path: { parts: [`/${found.set}`] },
    safety: 'repeatable',
    values,
  });
  const by: Slot = { path: ['input', 'matchOn'], type: { kind: 'names' }, position: 'json' };
  const columns = id === undefined ? (key as JsonObject) : { id };
  const input = { ...columns, matchOn: Object.keys(columns), mode: 'upsert', values: values! };
  const upsert = { ...action, request: { ...action.request, match: { ...match, by } } };
  return (await runAction(connection, upsert, input, context.options)).output;
};

/** Deletes a row of any table. */
export const recordDelete: Handler = async ({ table, id }, { connection, action, options }) => {
  const set = await entitySet(connection.checker.source, String(table));
  const { signal } = options;
  const path = `/${set}(${id})`;
  const call = { operation: action.id, method: 'DELETE', path, headers: { 'if-match': '*' } } as const;
  await callApi(connection, { ...call, safety: 'delete', ...(signal && { signal }) });
  return null;
};

/** Links two rows of any tables. */
export const recordAssociate: Handler = async (input, context) => await link(input, context, 'POST');

/** Takes the link between two rows away. */
export const recordDisassociate: Handler = async (input, context) => await link(input, context, 'DELETE');

async function link(
  { table, id, relationship, target }: JsonObject,
  { connection, action, options }: HandlerContext,
  method: 'POST' | 'DELETE',
): Promise<Json> {
  const { source } = connection.checker;
  const other = target as { table: string; id: string };
  const [near, far] = await Promise.all([entitySet(source, String(table)), entitySet(source, other.table)]);
  const to = method === 'POST' ? '' : `(${other.id})`;
  const { signal } = options;
  await callApi(connection, {
    operation: action.id,
    method,
    path: `/${near}(${id})/${relationship}${to}/$ref`,
    safety: method === 'POST' ? 'repeatable' : 'delete',
    ...(method === 'POST' ? { body: { '@odata.id': `${connection.baseUrl}/${far}(${other.id})` } } : {}),
    ...(signal && { signal }),
  });
  return null;
}

interface RowRequest {
  readonly method: 'GET' | 'PATCH';
  readonly path: Template;
  readonly safety: 'repeatable' | 'create';
  readonly values?: Json | undefined;
}

async function run(scope: WithTable, context: HandlerContext, request: RowRequest): Promise<Json> {
  const action = actionOf(context, scope.table, request);
  const input: JsonObject = request.values === undefined ? {} : { values: request.values };
  return (await runAction(scope.connection, action, input, context.options)).output;
}

/** The action that the manifest would hold, had it a schema of this table. */
function actionOf(
  { action }: HandlerContext,
  { name }: Table,
  { method, path, safety, values }: RowRequest,
): RequestAction {
  const { handler: _, ...words } = action;
  const value = { kind: 'slot', slot: slot('input', 'values') } as const;
  const body = values === undefined ? {} : { body: { kind: 'row', table: name, value, omit: [] } as const };
  return {
    ...words,
    input: { type: 'object' },
    output: { kind: 'row', table: name },
    request: { method, path, query: [], headers: [], safety, ...body },
  };
}

function slot(...path: readonly string[]): Slot {
  return { path, type: { kind: 'any' }, position: 'json' };
}

function pathOf(table: Table, { id, key }: { id: Json | undefined; key: Json | undefined }): Template {
  const values = id === undefined ? ((key ?? {}) as JsonObject) : { id };
  return { parts: [`/${table.set}${rowKey(table, Object.keys(values), values)}`] };
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
