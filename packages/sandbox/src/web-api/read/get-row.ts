import { formatEtag } from 'dynamics365-connector/odata';
import { columnEquals, guidLiteral } from '../../store/query/filter-nodes.ts';
import type { StoredRow } from '../../store/types.ts';
import { buildRowShape } from '../build-row-shape.ts';
import { rowNotFound } from '../errors.ts';
import { getHeader } from '../headers.ts';
import { entitySetName } from '../odata-names.ts';
import { type ODataQuery, parseODataQuery } from '../query-options.ts';
import type { RowResource } from '../resource.ts';
import { contextUrl, jsonResponse } from '../responses.ts';
import { requireRow } from '../row-key.ts';
import { contextColumns, type RowShape } from '../row-shape.ts';
import { hasVersions, serializeRows } from '../serialize-rows.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { toStoreSelection } from './get-rows.ts';

/** The headers of a 304 response. */
const notModified = { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0' };

/** Handles `GET accounts(id)?$select=…`: one row, or 304 when the caller's copy is current. */
export function getRow(context: WebApiContext, resource: RowResource): WebApiResponse {
  const query = parseODataQuery(context.options);
  const { store } = context.org;
  const shape = buildRowShape(store.model, resource.table, query);
  const row = requireRow(store, resource.table, resource.key);
  const knownEtag = getHeader(context.request.headers, 'If-None-Match');
  const etag = hasVersions(shape.table) ? formatEtag(row.version) : undefined;
  if (etag !== undefined && knownEtag === etag && !query.expand && !context.prefer.hasAnnotations) {
    return { status: 304, headers: notModified };
  }
  const expandedRow = query.expand ? readExpandedRow(context, { row, query, shape }) : row;
  return jsonResponse(context, serializeEntity(context, expandedRow, shape), {
    headers: etag === undefined ? {} : { ETag: etag },
  });
}

/** A row as JSON with its context URL. */
export function serializeEntity(context: WebApiContext, row: StoredRow, shape: RowShape): object {
  const contextUri = contextUrl(context, `${entitySetName(shape.table)}${contextColumns(shape)}/$entity`);
  const [body] = serializeRows([row], shape, {
    store: context.org.store,
    base: context.base,
    prefer: context.prefer,
    format: context.format,
    isList: false,
  });
  return { '@odata.context': contextUri, ...body };
}

function readExpandedRow(
  context: WebApiContext,
  { row, query, shape }: { row: StoredRow; query: ODataQuery; shape: RowShape },
): StoredRow {
  const result = context.org.store.query(shape.table.logicalName, {
    ...toStoreSelection(query, shape),
    filter: columnEquals(shape.table.primaryId, guidLiteral(row.id)),
    actor: context.actor,
  });
  const [full] = result.rows;
  if (!full) throw rowNotFound(shape.table, row.id);
  return full;
}
