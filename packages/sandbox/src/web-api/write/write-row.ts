import { formatEtag, parseEtagVersion } from 'dynamics365-connector/odata';
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

/** Handles `POST accounts`: creates a row and nested rows. */
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
  return noContentResponse(context, locationHeaders(`${context.base}/${entitySetName(table)}(${row.id})`));
}

/**
 * Handles `PATCH accounts(key)`: updates the row, or creates it when there is none (upsert). `If-Match` prevents the
 * creation, `If-None-Match` the update.
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
  return noContentResponse(context, locationHeaders(writtenRowUrl(context, table, key)));
}

/** Handles `DELETE accounts(key)`. */
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

/** Checks `If-Match` and `If-None-Match` against the existing row. Returns the version that an update requires. */
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

/** The values of a new row that come from the key of an upsert. */
function keyValues(table: TableModel, key: RowKey): ColumnValues {
  return key.kind === 'id' ? { [table.primaryId]: key.id } : key.values;
}

/** The URL of a written row, with the key that the caller used. */
function writtenRowUrl(context: WebApiContext, table: TableModel, key: RowKey): string {
  return key.kind === 'id' ? `${context.base}/${entitySetName(table)}(${key.id})` : context.url;
}

function representationResponse(
  context: WebApiContext,
  { table, id, status, etag }: { table: TableModel; id: string; status: number; etag?: boolean },
): WebApiResponse {
  const { store } = context.org;
  const { select } = parseODataQuery(context.options);
  const shape = buildRowShape(store.model, table, { select });
  const row = requireRow(store, table, { kind: 'id', id });
  const headers: Record<string, string> = etag ? { ETag: formatEtag(row.version) } : {};
  return jsonResponse(context, serializeEntity(context, row, shape), { status, headers });
}

/** The headers with the URL of a written row. */
function locationHeaders(url: string): Record<string, string> {
  return { Location: url, 'OData-EntityId': url };
}
