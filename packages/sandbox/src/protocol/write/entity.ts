import { versionOfEtag } from 'dynamics365-connector/odata';
import type { TableModel } from '../../model/types.ts';
import type { Row, Values } from '../../store/types.ts';
import { json, noContent } from '../answer.ts';
import { shapeOf } from '../build-shape.ts';
import { header } from '../headers.ts';
import { findRow, type RowKey, requireRow } from '../key.ts';
import { parseQuery } from '../options.ts';
import { entityBody } from '../read/entity.ts';
import { keyTaken, versionMismatch } from '../refusal.ts';
import type { RowResource } from '../resource.ts';
import type { Exchange, OrgResponse } from '../types.ts';
import { setOf } from '../wire.ts';
import { readRowBody } from './body.ts';
import { readPayload } from './payload.ts';
import { runPlugIns } from './plug-ins.ts';
import { insertPayload, updatePayload } from './save.ts';

/** `POST accounts`: a new row, with rows nested in it. */
export function createEntity(exchange: Exchange, table: TableModel, extra: Values = {}): OrgResponse {
  const { store } = exchange.org;
  const body = readRowBody(exchange, table);
  const row = store.transaction(() =>
    insertPayload(exchange, readPayload(exchange, table, body, { creating: true }), extra),
  );
  if (exchange.prefer.representation) return representation(exchange, { table, id: row.id, status: 201 });
  return noContent(exchange, locationOf(exchange, `${exchange.base}/${setOf(table)}(${row.id})`));
}

/**
 * `PATCH accounts(key)`: updates the row or, where there is none, makes it (upsert). `If-Match` and
 * `If-None-Match` leave one of the two out.
 */
export function upsertEntity(exchange: Exchange, { table, key }: RowResource): OrgResponse {
  const { store } = exchange.org;
  const body = readRowBody(exchange, table);
  const { row, created } = store.transaction(() => {
    const current = findRow(store, table, key);
    const expected = checkConditions(exchange, { table, key, current });
    const payload = readPayload(exchange, table, body, { creating: !current });
    return current
      ? { row: updatePayload(exchange, payload, { row: current, expected }), created: false }
      : { row: insertPayload(exchange, payload, keyValues(table, key)), created: true };
  });
  if (exchange.prefer.representation) {
    return representation(exchange, { table, id: row.id, status: created ? 201 : 200, etag: true });
  }
  return noContent(exchange, locationOf(exchange, writtenUrl(exchange, table, key)));
}

/** `DELETE accounts(key)` */
export function deleteEntity(exchange: Exchange, { table, key }: RowResource): OrgResponse {
  const { store } = exchange.org;
  const row = requireRow(store, table, key);
  const expected = checkConditions(exchange, { table, key, current: row });
  const event = { message: 'Delete', table: row.table, id: row.id, values: {} } as const;
  runPlugIns(exchange, 'sync', event);
  store.delete(row.table, row.id, expected);
  runPlugIns(exchange, 'async', event);
  return noContent(exchange);
}

/**
 * Checks `If-Match` and `If-None-Match` against the row as it is; answers the version that an update must find.
 */
export function checkConditions(
  exchange: Exchange,
  {
    table,
    key,
    current,
  }: { readonly table: TableModel; readonly key: RowKey; readonly current: Row | undefined },
): string | undefined {
  const { headers } = exchange.request;
  const match = header(headers, 'If-Match');
  if (match !== undefined) requireRow(exchange.org.store, table, key);
  if (header(headers, 'If-None-Match') === '*' && current) throw keyTaken();
  if (match === undefined || match === '*') return undefined;
  const version = versionOfEtag(match);
  if (version === undefined || version !== current?.version) throw versionMismatch();
  return version;
}

/** The values that the key of an upsert gives to a new row. */
function keyValues(table: TableModel, key: RowKey): Values {
  return key.kind === 'id' ? { [table.primaryId]: key.id } : key.values;
}

/** The address of a written row in the form that the caller used. */
function writtenUrl(exchange: Exchange, table: TableModel, key: RowKey): string {
  return key.kind === 'id' ? `${exchange.base}/${setOf(table)}(${key.id})` : exchange.url;
}

function representation(
  exchange: Exchange,
  { table, id, status, etag }: { table: TableModel; id: string; status: number; etag?: boolean },
): OrgResponse {
  const { store } = exchange.org;
  const { select } = parseQuery(exchange.options);
  const shape = shapeOf(store.model, table, select ? { select } : {});
  const row = requireRow(store, table, { kind: 'id', id });
  const headers: Record<string, string> = etag ? { ETag: `W/"${row.version}"` } : {};
  return json(exchange, entityBody(exchange, row, shape), { status, headers });
}

/** The header that names a written row; parts of a batch carry it twice, as Dataverse's do. */
function locationOf(exchange: Exchange, url: string): Record<string, string> {
  return exchange.nested ? { Location: url, 'OData-EntityId': url } : { 'OData-EntityId': url };
}
