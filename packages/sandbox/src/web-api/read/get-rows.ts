import type { PropertyPath } from 'dynamics365-connector/odata';
import { odataPropertyName } from '../../model/attribute.ts';
import type { TableModel } from '../../model/types.ts';
import type { StoreQuery, StoreQueryResult } from '../../store/types.ts';
import { buildRowShape, toStoreExpand } from '../build-row-shape.ts';
import { hasPagedCollections } from '../check-expand.ts';
import { entitySetName } from '../odata-names.ts';
import { buildLink, formatSkipToken, pageEdgesOf, parseSkipToken } from '../paging.ts';
import { type ODataQuery, parseODataQuery } from '../query-options.ts';
import type { CollectionResource } from '../resource.ts';
import { contextUrl, jsonResponse } from '../responses.ts';
import { requireRow } from '../row-key.ts';
import type { RowShape } from '../row-shape.ts';
import { serializeRows } from '../serialize-rows.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { getAggregates } from './get-aggregates.ts';

/** A set of rows: `accounts`, or `accounts(id)/Account_Tasks`. */
export type RowCollection = { readonly kind: 'set'; readonly table: TableModel } | CollectionResource;

/** Dataverse gives no larger page. */
const maxPageSize = 5000;

/** `GET accounts?$select=…&$filter=…`: one page of rows. */
export function getRows(context: WebApiContext, collection: RowCollection): WebApiResponse {
  const query = parseODataQuery(context.options);
  if (query.apply) return getAggregates(context, { table: collection.table, query });
  const shape = buildRowShape(context.org.store.model, collection.table, query);
  const result = readPage(context, { listed: collection, query, shape });
  return jsonResponse(context, {
    ...contextAnnotation(context, collection.table, shape),
    ...countAnnotations(context, result),
    value: serializeRows(result.rows, shape, {
      store: context.org.store,
      base: context.base,
      prefer: context.prefer,
      isList: true,
      ...(hasPagedCollections(shape) ? { collectionPage: context.prefer.maxPageSize ?? maxPageSize } : {}),
    }),
    ...nextLinkAnnotation(context, { listed: collection, result }),
  });
}

/** Reads the page that the request's `$skiptoken` names, or the first. */
function readPage(
  context: WebApiContext,
  { listed: collection, query, shape }: { listed: RowCollection; query: ODataQuery; shape: RowShape },
): StoreQueryResult {
  const { store } = context.org;
  const request: StoreQuery = {
    ...toStoreSelection(query, shape),
    ...(query.filter ? { filter: query.filter } : {}),
    ...(query.orderBy ? { orderBy: query.orderBy } : {}),
    ...(query.top === undefined ? {} : { top: query.top }),
    ...relatedToParent(context, collection),
    count: query.count,
    pageSize: query.top === undefined ? (context.prefer.maxPageSize ?? maxPageSize) : maxPageSize,
    actor: context.actor,
  };
  const table = collection.table.logicalName;
  const skip = context.options.values.get('$skiptoken');
  const cookie = skip === undefined ? { page: 1, token: undefined } : parseSkipToken(skip);
  if (cookie.token !== undefined) return store.query(table, { ...request, pageToken: cookie.token });
  let result = store.query(table, request);
  for (let page = 1; page < cookie.page && result.next !== undefined; page++) {
    result = store.query(table, { ...request, pageToken: result.next });
  }
  return cookie.page > result.page ? { ...result, rows: [] } : result;
}

/** Columns and related rows that the store must read for a shape. */
export function toStoreSelection(query: ODataQuery, shape: RowShape): Pick<StoreQuery, 'select' | 'expand'> {
  const everything = query.select?.some(({ segments }) => segments[0] === '*') ?? true;
  return {
    ...(everything ? {} : { select: shape.columns.map(odataPropertyName) }),
    ...(query.expand ? { expand: toStoreExpand(query.expand, shape) } : {}),
  };
}

/** Restricts a query to the rows that one row leads to; 404 when that row does not exist. */
export function relatedToParent(
  context: WebApiContext,
  collection: RowCollection,
): Pick<StoreQuery, 'relatedTo'> {
  if (collection.kind === 'set') return {};
  const { parent, navigation } = collection;
  const { id, table } = requireRow(context.org.store, parent.table, parent.key);
  return { relatedTo: { table, id, navigation: navigation.name } };
}

function contextAnnotation(context: WebApiContext, table: TableModel, shape: RowShape): object {
  const columns = shape.context === '' ? '' : `(${shape.context})`;
  return { '@odata.context': contextUrl(context, `${entitySetName(table)}${columns}`) };
}

/** `@odata.count` and what `include-annotations` adds to it. */
export function countAnnotations(
  { prefer, options, org }: WebApiContext,
  result: { readonly count?: number; readonly countLimitExceeded?: boolean },
): object {
  const counted = options.values.get('$count') === 'true' ? { '@odata.count': result.count ?? 0 } : {};
  if (!prefer.hasAnnotations) return counted;
  const annotations = {
    'Microsoft.Dynamics.CRM.totalrecordcount': result.count ?? -1,
    'Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': result.countLimitExceeded ?? false,
    ...(prefer.allAnnotations
      ? { 'Microsoft.Dynamics.CRM.globalmetadataversion': org.metadataVersion() }
      : {}),
  };
  const included = Object.entries(annotations).filter(([name]) => prefer.includesAnnotation(name));
  return { ...counted, ...Object.fromEntries(included.map(([name, value]) => [`@${name}`, value])) };
}

function nextLinkAnnotation(
  context: WebApiContext,
  { listed: collection, result }: { listed: RowCollection; result: StoreQueryResult },
): object {
  if (result.next === undefined) return {};
  const cookie = { page: result.page + 1, token: result.next, tracking: false };
  const skip = formatSkipToken(cookie, pageEdgesOf(collection.table, result.rows));
  return { '@odata.nextLink': buildLink(context.url, context.options, { $skiptoken: skip }) };
}

/** A path of one name, for conditions that the protocol adds by itself. */
export function columnPath(name: string): PropertyPath {
  return { kind: 'path', segments: [name], start: 0, end: 0 };
}
