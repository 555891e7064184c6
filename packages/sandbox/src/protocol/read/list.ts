import type { Path } from 'dynamics365-connector/odata';
import { wireName } from '../../model/attribute.ts';
import type { TableModel } from '../../model/types.ts';
import type { QueryRequest, QueryResult } from '../../store/types.ts';
import { contextUrl, json } from '../answer.ts';
import { shapeOf, storeExpand } from '../build-shape.ts';
import { pagesCollections } from '../expand-rules.ts';
import { requireRow } from '../key.ts';
import { parseQuery, type Query } from '../options.ts';
import { edges, linkWith, readSkipToken, writeSkipToken } from '../paging.ts';
import type { CollectionResource } from '../resource.ts';
import { writeRows } from '../rows.ts';
import type { Shape } from '../shape.ts';
import type { Exchange, OrgResponse } from '../types.ts';
import { setOf } from '../wire.ts';
import { listAggregates } from './aggregate.ts';

/** A set of rows: `accounts`, or `accounts(id)/Account_Tasks`. */
export type Listed = { readonly kind: 'set'; readonly table: TableModel } | CollectionResource;

/** Dataverse gives no larger page. */
const maxPage = 5000;

/** `GET accounts?$select=…&$filter=…`: one page of rows. */
export function listRows(exchange: Exchange, listed: Listed): OrgResponse {
  const query = parseQuery(exchange.options);
  if (query.apply) return listAggregates(exchange, { table: listed.table, query });
  const shape = shapeOf(exchange.org.store.model, listed.table, query);
  const result = readPage(exchange, { listed, query, shape });
  return json(exchange, {
    ...contextOf(exchange, listed.table, shape),
    ...countAnnotations(exchange, result),
    value: writeRows(result.rows, shape, {
      store: exchange.org.store,
      base: exchange.base,
      prefer: exchange.prefer,
      list: true,
      ...(pagesCollections(shape) ? { collectionPage: exchange.prefer.maxPageSize ?? maxPage } : {}),
    }),
    ...nextLink(exchange, { listed, result }),
  });
}

/** Reads the page that the request's `$skiptoken` names, or the first. */
function readPage(
  exchange: Exchange,
  { listed, query, shape }: { listed: Listed; query: Query; shape: Shape },
): QueryResult {
  const { store } = exchange.org;
  const request: QueryRequest = {
    ...selection(query, shape),
    ...(query.filter ? { filter: query.filter } : {}),
    ...(query.orderBy ? { orderBy: query.orderBy } : {}),
    ...(query.top === undefined ? {} : { top: query.top }),
    ...within(exchange, listed),
    count: query.count,
    pageSize: query.top === undefined ? (exchange.prefer.maxPageSize ?? maxPage) : maxPage,
    actor: exchange.actor,
  };
  const table = listed.table.logicalName;
  const skip = exchange.options.values.get('$skiptoken');
  const cookie = skip === undefined ? { page: 1, token: undefined } : readSkipToken(skip);
  if (cookie.token !== undefined) return store.query(table, { ...request, pageToken: cookie.token });
  let result = store.query(table, request);
  for (let page = 1; page < cookie.page && result.next !== undefined; page++) {
    result = store.query(table, { ...request, pageToken: result.next });
  }
  return cookie.page > result.page ? { ...result, rows: [] } : result;
}

/** Columns and related rows that the store must read for a shape. */
export function selection(query: Query, shape: Shape): Pick<QueryRequest, 'select' | 'expand'> {
  const everything = query.select?.some(({ segments }) => segments[0] === '*') ?? true;
  return {
    ...(everything ? {} : { select: shape.columns.map(wireName) }),
    ...(query.expand ? { expand: storeExpand(query.expand, shape) } : {}),
  };
}

/** Restricts a query to the rows that one row leads to; 404 when that row does not exist. */
export function within(exchange: Exchange, listed: Listed): Pick<QueryRequest, 'within'> {
  if (listed.kind === 'set') return {};
  const { parent, navigation } = listed;
  const { id, table } = requireRow(exchange.org.store, parent.table, parent.key);
  return { within: { table, id, navigation: navigation.name } };
}

function contextOf(exchange: Exchange, table: TableModel, shape: Shape): object {
  const columns = shape.context === '' ? '' : `(${shape.context})`;
  return { '@odata.context': contextUrl(exchange, `${setOf(table)}${columns}`) };
}

/** `@odata.count` and what `include-annotations` adds to it. */
export function countAnnotations(
  { prefer, options, org }: Exchange,
  result: { readonly count?: number; readonly countLimitExceeded?: boolean },
): object {
  const counted = options.values.get('$count') === 'true' ? { '@odata.count': result.count ?? 0 } : {};
  if (!prefer.annotated) return counted;
  const annotations = {
    'Microsoft.Dynamics.CRM.totalrecordcount': result.count ?? -1,
    'Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': result.countLimitExceeded ?? false,
    ...(prefer.everything ? { 'Microsoft.Dynamics.CRM.globalmetadataversion': org.metadataVersion() } : {}),
  };
  const wanted = Object.entries(annotations).filter(([name]) => prefer.wants(name));
  return { ...counted, ...Object.fromEntries(wanted.map(([name, value]) => [`@${name}`, value])) };
}

function nextLink(exchange: Exchange, { listed, result }: { listed: Listed; result: QueryResult }): object {
  if (result.next === undefined) return {};
  const cookie = { page: result.page + 1, token: result.next, tracking: false };
  const skip = writeSkipToken(cookie, edges(listed.table, result.rows));
  return { '@odata.nextLink': linkWith(exchange.url, exchange.options, { $skiptoken: skip }) };
}

/** A path of one name, for conditions that the protocol adds by itself. */
export function pathTo(name: string): Path {
  return { kind: 'path', segments: [name], start: 0, end: 0 };
}
