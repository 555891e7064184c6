import { maxPageSize } from 'dynamics365-connector/odata';
import { odataPropertyName } from '../../model/attribute.ts';
import type { TableModel } from '../../model/types.ts';
import type { StoreQuery, StoreQueryResult } from '../../store/types.ts';
import {
  metadataVersionAnnotation,
  totalCountAnnotation,
  totalCountLimitAnnotation,
} from '../annotations.ts';
import { buildRowShape, toStoreExpand } from '../build-row-shape.ts';
import { hasPagedCollections } from '../check-expand.ts';
import { entitySetName } from '../odata-names.ts';
import { buildLink, formatSkipToken, pageEdgesOf, parseSkipToken } from '../paging.ts';
import { includedAnnotations } from '../preferences.ts';
import type { ODataQuery } from '../query-options.ts';
import type { CollectionResource } from '../resource.ts';
import { contextUrl, jsonResponse } from '../responses.ts';
import { requireRow } from '../row-key.ts';
import { contextColumns, type RowShape } from '../row-shape.ts';
import { serializeRows } from '../serialize-rows.ts';
import type { WebApiContext, WebApiResponse } from '../types.ts';
import { getAggregates } from './get-aggregates.ts';
import { parseRowQuery } from './parse-row-query.ts';

/** A collection of rows: `accounts`, or `accounts(id)/Account_Tasks`. */
export type RowCollection = { readonly kind: 'set'; readonly table: TableModel } | CollectionResource;

/** Handles `GET accounts?$select=…&$filter=…`: one page of rows. */
export function getRows(context: WebApiContext, collection: RowCollection): WebApiResponse {
  const query = parseRowQuery(context, collection.table);
  const { apply } = query;
  if (apply) {
    const related = relatedToParent(context, collection);
    return getAggregates(context, { table: collection.table, query: { ...query, apply }, ...related });
  }
  const shape = buildRowShape(context.org.store.model, collection.table, { ...query, isList: true });
  const result = readPage(context, { collection, query, shape });
  return jsonResponse(context, {
    ...contextAnnotation(context, collection.table, shape),
    ...countAnnotations(context, result),
    value: serializeRows(result.rows, shape, {
      store: context.org.store,
      base: context.base,
      prefer: context.prefer,
      format: context.format,
      isList: true,
      collectionPageSize: hasPagedCollections(shape)
        ? (context.prefer.maxPageSize ?? maxPageSize)
        : undefined,
    }),
    ...nextLinkAnnotation(context, { collection, result }),
  });
}

/** Reads the page of the request's `$skiptoken`, or the first one. */
function readPage(
  context: WebApiContext,
  { collection, query, shape }: { collection: RowCollection; query: ODataQuery; shape: RowShape },
): StoreQueryResult {
  const { store } = context.org;
  const request: StoreQuery = {
    ...toStoreSelection(query, shape),
    filter: query.filter,
    orderBy: query.orderBy,
    top: query.top,
    ...relatedToParent(context, collection),
    count: query.count,
    pageSize: query.top === undefined ? (context.prefer.maxPageSize ?? maxPageSize) : maxPageSize,
    actor: context.actor,
  };
  const table = collection.table.logicalName;
  const skip = context.options.values.get('$skiptoken');
  if (skip === undefined) return store.query(table, request);
  const { page, token, lastId } = parseSkipToken(skip);
  const start = token === undefined ? { pageStart: { page, lastId } } : { pageToken: token };
  return store.query(table, { ...request, ...start });
}

/** The columns and related rows that the store must read for a shape. */
export function toStoreSelection(query: ODataQuery, shape: RowShape): Pick<StoreQuery, 'select' | 'expand'> {
  const allColumns = query.select?.some(({ segments }) => segments[0] === '*') ?? true;
  return {
    select: allColumns ? undefined : shape.columns.map(odataPropertyName),
    expand: query.expand && toStoreExpand(query.expand, shape),
  };
}

/** Restricts a query to the collection of a row. Throws 404 when that row does not exist. */
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
  return { '@odata.context': contextUrl(context, `${entitySetName(table)}${contextColumns(shape)}`) };
}

/** `@odata.count` and the requested annotations about the count. */
export function countAnnotations(
  { prefer, options, org }: WebApiContext,
  result: { readonly count?: number; readonly countLimitExceeded?: boolean },
): object {
  const counted = options.values.get('$count') === 'true' ? { '@odata.count': result.count ?? 0 } : {};
  if (!prefer.hasAnnotations) return counted;
  const annotations = {
    [totalCountAnnotation]: result.count ?? -1,
    [totalCountLimitAnnotation]: result.countLimitExceeded ?? false,
    [metadataVersionAnnotation]: prefer.allAnnotations ? org.metadataVersion() : undefined,
  };
  return { ...counted, ...includedAnnotations(prefer, annotations) };
}

function nextLinkAnnotation(
  context: WebApiContext,
  { collection, result }: { collection: RowCollection; result: StoreQueryResult },
): object {
  if (result.next === undefined) return {};
  const cookie = { page: result.page + 1, token: result.next, tracking: false };
  const skip = formatSkipToken(cookie, pageEdgesOf(collection.table, result.rows));
  return { '@odata.nextLink': buildLink(context.url, context.options, { $skiptoken: skip }) };
}
