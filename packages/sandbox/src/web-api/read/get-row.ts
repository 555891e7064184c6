import { type Comparison, formatEtag } from 'dynamics365-connector/odata';
import type { TableModel } from '../../model/types.ts';
import type { StoredRow } from '../../store/types.ts';
import { buildRowShape } from '../build-row-shape.ts';
import { rowNotFound } from '../errors.ts';
import { getHeader } from '../headers.ts';
import { entitySetName } from '../odata-names.ts';
import { type ODataQuery, parseODataQuery } from '../query-options.ts';
import type { RowResource } from '../resource.ts';
import { contextUrl, jsonResponse } from '../responses.ts';
import { requireRow } from '../row-key.ts';
import type { RowShape } from '../row-shape.ts';
import { serializeRows } from '../serialize-rows.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { columnPath, toStoreSelection } from './get-rows.ts';

/** Headers of an answer without a body, as Dataverse sends them. */
const notModified = { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0' };

/** `GET accounts(id)?$select=…`: one row, or 304 when the caller's copy is current. */
export function getRow(context: WebApiContext, resource: RowResource): WebApiResponse {
  const query = parseODataQuery(context.options);
  const { store } = context.org;
  const shape = buildRowShape(store.model, resource.table, query);
  const row = requireRow(store, resource.table, resource.key);
  const knownEtag = getHeader(context.request.headers, 'If-None-Match');
  if (knownEtag === formatEtag(row.version) && !query.expand && !context.prefer.hasAnnotations) {
    return { status: 304, headers: notModified };
  }
  const expandedRow = query.expand ? readExpandedRow(context, { row, query, shape }) : row;
  return jsonResponse(context, serializeEntity(context, expandedRow, shape), {
    headers: { ETag: formatEtag(row.version) },
  });
}

/** The JSON of one row with its context. */
export function serializeEntity(context: WebApiContext, row: StoredRow, shape: RowShape): object {
  const columns = shape.context === '' ? '' : `(${shape.context})`;
  const contextUri = contextUrl(context, `${entitySetName(shape.table)}${columns}/$entity`);
  const [body] = serializeRows([row], shape, {
    store: context.org.store,
    base: context.base,
    prefer: context.prefer,
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
    filter: idEquals(shape.table, row.id),
    actor: context.actor,
  });
  const [full] = result.rows;
  if (!full) throw rowNotFound(shape.table.logicalName, row.id);
  return full;
}

/** The condition that finds one row by its id. */
export function idEquals(table: TableModel, id: string): Comparison {
  const noSpan = { start: 0, end: 0 };
  const right = { kind: 'guid', text: id, ...noSpan } as const;
  return { kind: 'compare', operator: 'eq', left: columnPath(table.primaryId), right, ...noSpan };
}
