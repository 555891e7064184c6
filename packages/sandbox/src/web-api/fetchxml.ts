import {
  fetchXmlCookieAnnotation,
  formattedValueAnnotation,
  moreRecordsAnnotation,
} from 'dynamics365-connector/odata';
import { currencyColumns, odataPropertyName } from '../model/attribute.ts';
import type { Attribute, TableModel } from '../model/types.ts';
import { requireTable } from '../store/require-table.ts';
import type { FetchResult } from '../store/types.ts';
import { buildRowShape } from './build-row-shape.ts';
import { createDisplayNames } from './display-names.ts';
import { invalidQuery } from './errors.ts';
import { formatValue } from './format-value.ts';
import { entitySetName, entityTypeName, toJsonValue } from './odata-names.ts';
import { percentEncodeLower } from './paging.ts';
import { includedAnnotations } from './preferences.ts';
import { serializeAggregates } from './read/get-aggregates.ts';
import { countAnnotations } from './read/get-rows.ts';
import type { CollectionResource } from './resource.ts';
import { contextUrl, jsonResponse } from './responses.ts';
import { parseRowKey, requireRow } from './row-key.ts';
import { contextColumns, type RowShape } from './row-shape.ts';
import { serializeRows } from './serialize-rows.ts';
import type { WebApiContext, WebApiResponse } from './types.ts';

/** The FetchXML of a request: its own or that of a view; undefined when it has none. */
export function readFetchXml(context: WebApiContext): string | undefined {
  return context.options.values.get('fetchXml') ?? readViewXml(context);
}

/** The FetchXML of the view that a request names (`savedQuery`, `userQuery`). */
export function readViewXml({ options, org }: WebApiContext): string | undefined {
  for (const name of ['savedQuery', 'userQuery']) {
    const id = options.values.get(name);
    if (id === undefined) continue;
    const table = requireTable(org.store.model, name.toLowerCase());
    const row = requireRow(org.store, table, parseRowKey(org.store.model, table, id));
    return String(row.values.fetchxml ?? '');
  }
  return undefined;
}

/**
 * Handles `GET accounts(id)/contact_customer_accounts?savedQuery=…`: the rows of a view that belong to the collection.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/retrieve-and-execute-predefined-queries
 */
export function getViewRowsOfCollection(
  context: WebApiContext,
  { parent, navigation, table }: CollectionResource,
  xml: string,
): WebApiResponse {
  const { id } = requireRow(context.org.store, parent.table, parent.key);
  const condition = (attribute: string) =>
    `<filter><condition attribute="${attribute}" operator="eq" value="${id}"/></filter>`;
  const restriction =
    navigation.kind === 'oneToMany'
      ? condition(navigation.relationship.attribute)
      : `<link-entity name="${navigation.relationship.intersect}" from="${navigation.far.column}" to="${table.primaryId}">${condition(navigation.near.column)}</link-entity>`;
  const restricted = xml.replace(
    /<entity\b([^>]*?)(\/?)>/,
    (_, attributes: string, end: string) => `<entity${attributes}>${restriction}${end ? '</entity>' : ''}`,
  );
  return getFetchXmlRows(context, { table, xml: restricted });
}

/** Handles `GET accounts?fetchXml=<fetch>…</fetch>`. The query must be about the entity set of the URL. */
export function getFetchXmlRows(
  context: WebApiContext,
  { table, xml }: { table: TableModel; xml: string },
): WebApiResponse {
  const limited = withPageSize(context, withRecordCount(context, xml));
  const result = context.org.store.fetchXml(limited, context.actor);
  return fetchResponse(context, table, result, pageAnnotations(context, { result, xml }));
}

/** The response to a query with these rows. The query must be about the entity set of the URL. */
export function fetchResponse(
  context: WebApiContext,
  table: TableModel,
  result: FetchResult,
  page: object,
): WebApiResponse {
  if (result.table.logicalName !== table.logicalName) {
    throw invalidQuery(
      `The entity '${result.table.logicalName}' of the fetch is not of the type '${entityTypeName(table)}'.`,
    );
  }
  const set = entitySetName(table);
  if (result.aggregate) {
    return jsonResponse(context, {
      '@odata.context': contextUrl(context, set),
      value: serializeAggregates(context, result.aggregate),
    });
  }
  const shape = buildFetchShape(result, buildRowShape(context.org.store.model, table, {}));
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, `${set}${contextColumns(shape)}`),
    ...countAnnotations(context, {
      count: result.totalCount < 0 ? undefined : result.totalCount,
      countLimitExceeded: result.totalCountLimitExceeded,
    }),
    ...page,
    value: serializeFetchedRows(context, result, shape),
  });
}

function buildFetchShape(result: FetchResult, all: RowShape): RowShape {
  const { select } = result;
  if (!select) return all;
  const selectedNames = new Set([...select, all.table.primaryId]);
  const selected = all.columns.filter((column) => selectedNames.has(column.logicalName));
  const read = new Set([...selected, ...currencyColumns(all.table, selected)]);
  const columns = all.columns.filter((column) => read.has(column));
  return { ...all, columns, context: fetchContext(result, { ...all, columns }) };
}

/** The columns in the context URL: first those with a value in some row, as the rows name them, then the others. */
function fetchContext({ rows }: FetchResult, { table, columns }: RowShape): string {
  const hasValue = ({ logicalName }: Attribute) =>
    rows.some(({ values }) => (values[logicalName] ?? null) !== null);
  const filled = columns.filter(hasValue).map(odataPropertyName);
  const key = table.base === 'principal' && rows.length > 0 ? ['ownerid'] : [];
  return [...new Set([...filled, ...key, ...columns.map(odataPropertyName)])].join(',');
}

/** `$count=true` has the same effect as `returntotalrecordcount`. */
function withRecordCount({ options }: WebApiContext, xml: string): string {
  if (options.values.get('$count') !== 'true' || xml.includes('returntotalrecordcount')) return xml;
  return xml.replace(/<fetch\b/, '<fetch returntotalrecordcount="true"');
}

/** By default, only the FetchXML itself determines the size of its pages. */
function withPageSize({ prefer, org }: WebApiContext, xml: string): string {
  const isLimited = /<fetch\b[^>]*\s(?:count|top|aggregate)\s*=/.test(xml);
  if (prefer.maxPageSize === undefined || isLimited || org.assumptions.fetchPageSize === 'ignored')
    return xml;
  return xml.replace(/<fetch\b/, `<fetch count="${prefer.maxPageSize}"`);
}

/** The annotations for the next page. The cookie, decoded twice, is the `paging-cookie` of the next fetch. */
function pageAnnotations(
  { prefer }: WebApiContext,
  { result, xml }: { result: FetchResult; xml: string },
): object {
  const { pagingCookie, moreRecords } = result;
  const page = Number(/<fetch\b[^>]*\bpage\s*=\s*["'](\d{1,9})/.exec(xml)?.[1] ?? 1);
  if (!moreRecords || pagingCookie === undefined) return {};
  const inner = percentEncodeLower(percentEncodeLower(pagingCookie));
  const cookie = `<cookie pagenumber="${page + 1}" pagingcookie="${inner}" istracking="False" />`;
  const annotations = { [fetchXmlCookieAnnotation]: cookie, [moreRecordsAnnotation]: true };
  return includedAnnotations(prefer, annotations);
}

function serializeFetchedRows(
  context: WebApiContext,
  result: FetchResult,
  shape: RowShape,
): readonly object[] {
  const { store } = context.org;
  const { prefer, base, format } = context;
  const rows = serializeRows(result.rows, shape, { store, base, prefer, format, isList: true });
  return rows.map((row, index) => ({
    ...withoutNulls(row),
    ...serializeLinkedColumns(context, result, index),
  }));
}

/** FetchXML results omit columns without a value, unlike OData queries. */
function withoutNulls(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
}

/** The values of linked columns; empty ones are omitted. */
function serializeLinkedColumns(
  { org, prefer, format }: WebApiContext,
  result: FetchResult,
  index: number,
): object {
  const json: Record<string, unknown> = {};
  for (const { name: column, attribute } of result.linkedColumns) {
    const row = result.rows[index];
    const value = row?.linked[column] ?? null;
    if (value === null) continue;
    const currency = row?.linkedCurrencies[column];
    const text = prefer.includesAnnotation(formattedValueAnnotation)
      ? formatValue(attribute, value, createDisplayNames(org.store, format, currency))
      : undefined;
    if (text !== undefined) json[`${column}@${formattedValueAnnotation}`] = text;
    json[column] = toJsonValue(attribute, value);
  }
  return json;
}
