import { ConnectorError } from '../errors/connector-error.ts';
import type { Expand } from '../model/expand.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Table } from '../model/table.ts';
import type { Placeholder, Template } from '../model/template.ts';
import { maxPageSize } from '../odata/limits.ts';
import { withCurrentMetadata } from '../query/current-metadata.ts';
import { type EncodedRecord, type EncodeRecordOptions, encodeRecord } from '../run/codec/encode-record.ts';
import { idKey, rowKey } from '../run/codec/row-key.ts';
import { compileRowShaper, type RowShaper } from '../run/codec/shape-row.ts';
import { expandClauseOf, expandTable, withTablesOf } from '../run/expand-table.ts';
import { loadLookupTables } from '../run/load-lookup-tables.ts';
import {
  type ConnectionWithTable,
  loadTable,
  metadataTablesOf,
  requireEntitySet,
} from '../run/metadata-table.ts';
import { queryRows } from '../run/query-rows.ts';
import { withTable } from '../run/require-table.ts';
import { selectColumns } from '../run/select-columns.ts';
import type { Handler, HandlerContext } from './handler.ts';
import {
  literalTemplate,
  newRowPath,
  type PrepareAction,
  type PreparedAction,
  type PreparedRequest,
  placeholder,
  toRequestAction,
} from './prepare.ts';

/** Reads a row of any table, by its id or an alternate key. */
export const getRecord = againstCurrentMetadata(async ({ table, id, key, select, expand }, context) => {
  const loaded = await loadExpanded(context.connection, String(table), expand as Expand | undefined);
  const { $select, $expand } =
    select === undefined ? {} : selectColumns(loaded.table, select as readonly string[]);
  const expands = joinExpands($expand, expandClauseOf(loaded.connection, loaded.table));
  const query = Object.entries(omitUndefined({ $select, $expand: expands })).map(
    ([name, text]) => ({ name, kind: 'text', template: literalTemplate(text) }) as const,
  );
  return prepareRow(loaded, context, {
    method: 'GET',
    path: rowPath(loaded.table, { id, key }),
    query,
    safety: 'repeatable',
  });
});

/** Lists rows of any table. The filter, select and order are checked before they are sent. */
export const listRecords: Handler = async (
  { table, filter, select, expand, orderBy, limit },
  { connection, options },
) => {
  const name = String(table);
  const rows: JsonObject[] = [];
  const load = () => loadExpanded(connection, name, expand as Expand | undefined);
  const loaded = await load();
  const names = select as readonly string[] | undefined;
  const columns = names && selectColumns(loaded.table, names, 'any');
  const query = {
    table: name,
    filter: filter as string | undefined,
    select: columns?.$select,
    expand: joinExpands(columns?.$expand, expandClauseOf(loaded.connection, loaded.table)),
    orderBy: orderBy as string | undefined,
  };
  const maxRows = Number(limit);
  const paging = {
    pageSize: Math.min(maxRows, maxPageSize),
    signal: options.signal,
    nestedLists: 'all pages',
  } as const;
  // The check of the query, before the first page, may find that the table has changed.
  let shapeRow: RowShaper | undefined;
  for await (const page of queryRows(connection, query, paging)) {
    shapeRow ??= compileRowShaper((await load()).table);
    for (const row of page) rows.push(shapeRow(row));
    if (rows.length >= maxRows) break;
  }
  return rows.slice(0, maxRows);
};

/** A table of the organization, with what a read of it expands. */
async function loadExpanded(
  connection: HandlerContext['connection'],
  name: string,
  expand: Expand | undefined,
): Promise<ConnectionWithTable> {
  const loaded = await loadTable(connection, name);
  if (expand === undefined) return loaded;
  return await withCurrentMetadata(connection.queryChecker.source, async () => {
    const withTables = await withTablesOf(loaded.connection, loaded.table, expand);
    const table = { ...loaded.table, expanded: expandTable(withTables, loaded.table, expand, '/expand') };
    return { connection: withTable(withTables, table), table };
  });
}

function joinExpands(...clauses: readonly (string | undefined)[]): string | undefined {
  const given = clauses.filter((clause) => clause !== undefined);
  return given.length === 0 ? undefined : given.join(',');
}

/** Creates a row of any table. An id among the values is the id of the new row. */
export const createRecord = againstCurrentMetadata(async ({ table, values }, context) => {
  const loaded = await loadForValues(context.connection, String(table), values as JsonObject);
  const { body, id } = encodeValues(loaded, values, { purpose: 'create' });
  const { entitySet, parties } = loaded.table;
  // Dataverse writes nested rows, such as parties, only in a POST; the engine adds the new id to the body.
  const request: PreparedRequest =
    parties === undefined
      ? { method: 'PATCH', path: newRowPath(entitySet), safety: 'create' }
      : { method: 'POST', path: literalTemplate(`/${entitySet}`), safety: 'create' };
  return prepareRow(
    loaded,
    context,
    { ...request, newIdInput: 'id', body: literalBody(body) },
    id === undefined ? {} : { id },
  );
});

/** Updates a row of any table; never creates one. */
export const updateRecord = againstCurrentMetadata(async ({ table, id, key, values }, context) => {
  const loaded = await loadForValues(context.connection, String(table), values as JsonObject);
  const path = rowPath(loaded.table, { id, key });
  const { body } = encodeValues(loaded, values, { purpose: 'update', id });
  return prepareRow(loaded, context, {
    method: 'PATCH',
    path,
    safety: 'repeatable',
    body: literalBody(body),
  });
});

/** Updates the matching row of any table, or creates it. */
export const upsertRecord = againstCurrentMetadata(async ({ table, id, key, values }, context) => {
  const loaded = await loadForValues(context.connection, String(table), values as JsonObject);
  const keyValues = keyColumns({ id, key });
  const names = Object.keys(keyValues);
  // The plan knows the values of the key by their names only; issues have the path of the input.
  if (key !== undefined) rowKey(loaded.table, names, keyValues, '/key');
  // The values of the key are in the URL alone: Dataverse copies them to a new row.
  const { body } = encodeValues(loaded, omit(values as JsonObject, key === undefined ? [] : names), {
    purpose: 'upsert',
    id,
  });
  const columns: Placeholder = { path: ['input', 'matchOn'], type: { kind: 'names' }, position: 'json' };
  const match = { table: loaded.table.name, mode: placeholder('input', 'mode'), columns };
  const path = literalTemplate(`/${loaded.table.entitySet}`);
  const request = { method: 'PATCH', path, match, safety: 'repeatable', body: literalBody(body) } as const;
  return prepareRow(loaded, context, request, { ...keyValues, matchOn: names, mode: 'upsert' });
});

/** Deletes a row of any table. */
export const deleteRecord: PrepareAction = async ({ table, id }, { connection, action }) => {
  const path = literalTemplate(`/${await requireEntitySet(connection, String(table))}${idKey(id)}`);
  const request = { method: 'DELETE', path, safety: 'delete' } as const;
  return { connection, action: toRequestAction(action, request, { kind: 'none' }), input: {} };
};

/** What is refused because of metadata is refused only if the metadata is current. */
function againstCurrentMetadata(prepare: PrepareAction): PrepareAction {
  return (input, context) =>
    withCurrentMetadata(context.connection.queryChecker.source, () => prepare(input, context));
}

/** The table of the row, and the tables of the lookups that are given by an alternate key. */
async function loadForValues(
  connection: HandlerContext['connection'],
  name: string,
  values: JsonObject,
): Promise<ConnectionWithTable> {
  const { connection: withTable, table } = await loadTable(connection, name);
  return { connection: await loadLookupTables(withTable, table, [values]), table };
}

function encodeValues(
  { connection, table }: ConnectionWithTable,
  values: Json | undefined,
  options: EncodeRecordOptions,
): EncodedRecord {
  // The keys of lookups have logical names here, as the values have.
  const tables = metadataTablesOf(connection.definition);
  return encodeRecord(table, values as JsonObject, { ...options, path: '/values', tables });
}

function literalBody(value: JsonObject): PreparedRequest['body'] {
  return { kind: 'literal', value };
}

/** A request that returns a row. */
function prepareRow(
  { connection, table: { name: table } }: ConnectionWithTable,
  { action }: Pick<HandlerContext, 'action'>,
  request: PreparedRequest,
  input: JsonObject = {},
): PreparedAction {
  return {
    connection,
    action: toRequestAction(action, request, { kind: 'row', table }),
    input,
  };
}

function rowPath(table: Table, { id, key }: { id: Json | undefined; key: Json | undefined }): Template {
  const columns = keyColumns({ id, key });
  return literalTemplate(`/${table.entitySet}${rowKey(table, Object.keys(columns), columns, '/key')}`);
}

function keyColumns({ id, key }: { id: Json | undefined; key: Json | undefined }): JsonObject {
  if (id === undefined) return (key ?? {}) as JsonObject;
  if (key === undefined) return { id };
  throw new ConnectorError('INPUT_INVALID', 'Use the id or an alternate key, not both.');
}

function omit(values: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}
