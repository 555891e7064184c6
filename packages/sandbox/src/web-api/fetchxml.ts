import {
  fetchXmlCookieAnnotation,
  formattedValueAnnotation,
  moreRecordsAnnotation,
} from 'dynamics365-connector/odata';
import { currencyColumns } from '../model/attribute.ts';
import type { TableModel } from '../model/types.ts';
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
import { contextUrl, jsonResponse } from './responses.ts';
import { parseRowKey, requireRow } from './row-key.ts';
import { contextColumns, type RowShape } from './row-shape.ts';
import { serializeRows } from './serialize-rows.ts';
import type { WebApiContext, WebApiResponse } from './types.ts';

/** The FetchXML of a request: its own or that of a view (`savedQuery`, `userQuery`); undefined when it has none. */
export function readFetchXml({ options, org }: WebApiContext): string | undefined {
  const own = options.values.get('fetchXml');
  if (own !== undefined) return own;
  for (const name of ['savedQuery', 'userQuery']) {
    const id = options.values.get(name);
    if (id === undefined) continue;
    const table = requireTable(org.store.model, name.toLowerCase());
    const row = requireRow(org.store, table, parseRowKey(org.store.model, table, id));
    return String(row.values.fetchxml ?? '');
  }
  return undefined;
}

/** Handles `GET accounts?fetchXml=<fetch>…</fetch>`. The query must be about the entity set of the URL. */
export function getFetchXmlRows(
  context: WebApiContext,
  { table, xml }: { table: TableModel; xml: string },
): WebApiResponse {
  const { store } = context.org;
  const result = store.fetchXml(withRecordCount(context, xml), context.actor);
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
  const shape = buildFetchShape(result, buildRowShape(store.model, table, {}));
  return jsonResponse(context, {
    '@odata.context': contextUrl(context, `${set}${contextColumns(shape)}`),
    ...countAnnotations(context, {
      count: result.totalCount < 0 ? undefined : result.totalCount,
      countLimitExceeded: result.totalCountLimitExceeded,
    }),
    ...pageAnnotations(context, { result, xml }),
    value: serializeFetchedRows(context, result, shape),
  });
}

function buildFetchShape({ select }: FetchResult, all: RowShape): RowShape {
  if (!select) return all;
  const selectedNames = new Set([...select, all.table.primaryId]);
  const selected = all.columns.filter((column) => selectedNames.has(column.logicalName));
  const read = new Set([...selected, ...currencyColumns(all.table, selected)]);
  const columns = all.columns.filter((column) => read.has(column));
  return { ...all, columns, context: select.join(',') };
}

/** `$count=true` has the same effect as `returntotalrecordcount`. */
function withRecordCount({ options }: WebApiContext, xml: string): string {
  if (options.values.get('$count') !== 'true' || xml.includes('returntotalrecordcount')) return xml;
  return xml.replace(/<fetch\b/, '<fetch returntotalrecordcount="true"');
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
  const { prefer, base } = context;
  const rows = serializeRows(result.rows, shape, { store, base, prefer, isList: true });
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
function serializeLinkedColumns({ org, prefer }: WebApiContext, result: FetchResult, index: number): object {
  const json: Record<string, unknown> = {};
  for (const { name: column, attribute } of result.linkedColumns) {
    const value = result.rows[index]?.linked[column] ?? null;
    if (value === null) continue;
    const text = prefer.includesAnnotation(formattedValueAnnotation)
      ? formatValue(attribute, value, createDisplayNames(org.store))
      : undefined;
    if (text !== undefined) json[`${column}@${formattedValueAnnotation}`] = text;
    json[column] = toJsonValue(attribute, value);
  }
  return json;
}
