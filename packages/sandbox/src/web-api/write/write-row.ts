import { formatEtag, parseEtagVersion } from 'dynamics365-connector/odata';
import type { TableModel } from '../../model/types.ts';
import type { ColumnValues, StoredRow } from '../../store/types.ts';
import { buildRowShape } from '../build-row-shape.ts';
import { DataverseError, duplicateKey, versionMismatch } from '../errors.ts';
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
import { deleteWithLogic, insertPayload, updatePayload } from './save-payload.ts';

/** Handles `POST accounts`: creates a row and nested rows. */
export function createRow(
  context: WebApiContext,
  table: TableModel,
  extra: ColumnValues = {},
): WebApiResponse {
  const { store } = context.org;
  const body = readRowBody(context, table);
  if (body[table.primaryId] !== undefined) checkNewRowForm(context, table, 'idOnCreate');
  const row = store.transaction(() =>
    insertPayload(context, readPayload(context, table, body, { creating: true }), extra),
  );
  if (returnsRow(context)) return representationResponse(context, { table, id: row.id, status: 201 });
  return noContentResponse(context, locationHeaders(`${context.base}/${entitySetName(table)}(${row.id})`));
}

/**
 * Handles `PATCH accounts(key)`: updates the row, or creates it when there is none (upsert). `If-Match` prevents the
 * creation, `If-None-Match` the update.
 */
export function upsertRow(context: WebApiContext, { table, key }: RowResource): WebApiResponse {
  const { store } = context.org;
  const body = readRowBody(context, table);
  if (getHeader(context.request.headers, 'If-None-Match') === '*')
    checkNewRowForm(context, table, 'createByPatch');
  const { row, created } = store.transaction(() => {
    const current = findRow(context.org.systemStore, table, key);
    const expected = checkConditions(context, { table, key, current });
    const payload = readPayload(context, table, body, { creating: !current });
    return current
      ? { row: updatePayload(context, payload, { row: current, expected }), created: false }
      : { row: insertPayload(context, payload, keyValues(table, key)), created: true };
  });
  if (returnsRow(context)) {
    return representationResponse(context, { table, id: row.id, status: created ? 201 : 200, etag: true });
  }
  return noContentResponse(context, locationHeaders(writtenRowUrl(context, table, key)));
}

function returnsRow({ prefer, org }: WebApiContext): boolean {
  return prefer.representation && org.assumptions.writtenRow === 'returned';
}

/** Tables for which nobody has shown how a caller gives the id of a new row. Activities are among them for `POST`. */
const unconfirmedTables: readonly string[] = ['annotation', 'queue', 'queueitem', 'team'];

/** Refuses a form of a create if the organization is assumed to refuse it for the table. */
function checkNewRowForm(
  { org }: WebApiContext,
  { logicalName, base }: TableModel,
  form: 'createByPatch' | 'idOnCreate',
): void {
  const isActivity = form === 'idOnCreate' && base === 'activitypointer';
  if (org.assumptions[form] !== 'refused' || !(isActivity || unconfirmedTables.includes(logicalName))) return;
  const message =
    form === 'createByPatch'
      ? `The 'Upsert' method does not support entities of type '${logicalName}'.`
      : `The id of a new row of '${logicalName}' is not supported.`;
  throw new DataverseError(400, '0x80040800', message);
}

/** Handles `DELETE accounts(key)`. */
export function deleteRow(context: WebApiContext, { table, key }: RowResource): WebApiResponse {
  const { systemStore } = context.org;
  systemStore.transaction(() => {
    const row = requireRow(systemStore, table, key);
    const expected = checkConditions(context, { table, key, current: row });
    deleteWithLogic(context, row, expected);
  });
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
  if (ifMatch !== undefined) requireRow(context.org.systemStore, table, key);
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
