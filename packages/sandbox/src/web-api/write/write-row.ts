import { parseEtagVersion } from 'dynamics365-connector/odata';
import type { TableModel } from '../../model/types.ts';
import type { ColumnValues, StoredRow } from '../../store/types.ts';
import { buildRowShape } from '../build-row-shape.ts';
import { duplicateKey, versionMismatch } from '../errors.ts';
import { getHeader } from '../headers.ts';
import { entitySetName } from '../odata-names.ts';
import { parseODataQuery } from '../query-options.ts';
import { serializeEntity } from '../read/get-row.ts';
import type { RowResource } from '../resource.ts';
import { jsonResponse, noContentResponse } from '../responses.ts';
import { findRow, type RowKey, requireRow } from '../row-key.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { readRowBody } from './read-body.ts';
import { readPayload } from './read-payload.ts';
import { runPlugIns } from './run-plug-ins.ts';
import { insertPayload, updatePayload } from './save-payload.ts';

/** `POST accounts`: a new row, with rows nested in it. */
export function createRow(
  context: WebApiContext,
  table: TableModel,
  extra: ColumnValues = {},
): WebApiResponse {
  const { store } = context.org;
  const body = readRowBody(context, table);
  const row = store.transaction(() =>
    insertPayload(context, readPayload(context, table, body, { creating: true }), extra),
  );
  if (context.prefer.representation)
    return representationResponse(context, { table, id: row.id, status: 201 });
  return noContentResponse(
    context,
    locationHeaders(context, `${context.base}/${entitySetName(table)}(${row.id})`),
  );
}

/**
 * `PATCH accounts(key)`: updates the row or, where there is none, makes it (upsert). `If-Match` and
 * `If-None-Match` leave one of the two out.
 */
export function upsertRow(context: WebApiContext, { table, key }: RowResource): WebApiResponse {
  const { store } = context.org;
  const body = readRowBody(context, table);
  const { row, created } = store.transaction(() => {
    const current = findRow(store, table, key);
    const expected = checkConditions(context, { table, key, current });
    const payload = readPayload(context, table, body, { creating: !current });
    return current
      ? { row: updatePayload(context, payload, { row: current, expected }), created: false }
      : { row: insertPayload(context, payload, keyValues(table, key)), created: true };
  });
  if (context.prefer.representation) {
    return representationResponse(context, { table, id: row.id, status: created ? 201 : 200, etag: true });
  }
  return noContentResponse(context, locationHeaders(context, writtenRowUrl(context, table, key)));
}

/** `DELETE accounts(key)` */
export function deleteRow(context: WebApiContext, { table, key }: RowResource): WebApiResponse {
  const { store } = context.org;
  const row = requireRow(store, table, key);
  const expected = checkConditions(context, { table, key, current: row });
  const event = { message: 'Delete', table: row.table, id: row.id, values: {} } as const;
  runPlugIns(context, 'sync', event);
  store.delete(row.table, row.id, expected);
  runPlugIns(context, 'async', event);
  return noContentResponse(context);
}

/**
 * Checks `If-Match` and `If-None-Match` against the row as it is; answers the version that an update must find.
 */
export function checkConditions(
  context: WebApiContext,
  {
    table,
    key,
    current,
  }: { readonly table: TableModel; readonly key: RowKey; readonly current: StoredRow | undefined },
): string | undefined {
  const { headers } = context.request;
  const ifMatch = getHeader(headers, 'If-Match');
  if (ifMatch !== undefined) requireRow(context.org.store, table, key);
  if (getHeader(headers, 'If-None-Match') === '*' && current) throw duplicateKey();
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const version = parseEtagVersion(ifMatch);
  if (version === undefined || version !== current?.version) throw versionMismatch();
  return version;
}

/** The values that the key of an upsert gives to a new row. */
function keyValues(table: TableModel, key: RowKey): ColumnValues {
  return key.kind === 'id' ? { [table.primaryId]: key.id } : key.values;
}

/** The address of a written row in the form that the caller used. */
function writtenRowUrl(context: WebApiContext, table: TableModel, key: RowKey): string {
  return key.kind === 'id' ? `${context.base}/${entitySetName(table)}(${key.id})` : context.url;
}

function representationResponse(
  context: WebApiContext,
  { table, id, status, etag }: { table: TableModel; id: string; status: number; etag?: boolean },
): WebApiResponse {
  const { store } = context.org;
  const { select } = parseODataQuery(context.options);
  const shape = buildRowShape(store.model, table, select ? { select } : {});
  const row = requireRow(store, table, { kind: 'id', id });
  const headers: Record<string, string> = etag ? { ETag: `W/"${row.version}"` } : {};
  return jsonResponse(context, serializeEntity(context, row, shape), { status, headers });
}

/** The header that names a written row; parts of a batch carry it twice, as Dataverse's do. */
function locationHeaders(context: WebApiContext, url: string): Record<string, string> {
  return context.inBatch ? { Location: url, 'OData-EntityId': url } : { 'OData-EntityId': url };
}
