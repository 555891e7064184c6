import { maxPageSize } from 'dynamics365-connector/odata';
import type { TableModel } from '../model/types.ts';
import { parseSql } from '../store/sql-query/parse-sql.ts';
import type { SqlQuery } from '../store/sql-query/sql-ast.ts';
import { unsupportedSql } from '../store/sql-query/sql-reader.ts';
import { sqlToFetch } from '../store/sql-query/sql-to-fetch.ts';
import type { FetchResult, RowWindow } from '../store/types.ts';
import { fetchResponse } from './fetchxml.ts';
import { buildLink, formatSkipToken, pageEdgesOf, parseSkipToken } from './paging.ts';
import type { WebApiContext, WebApiResponse } from './types.ts';

/**
 * Handles `GET accounts?sql=SELECT name FROM account`: read-only, a subset of T-SQL. The FROM table is that of the
 * entity set. Columns of joined tables have their own names in the rows.
 * https://github.com/microsoft/PowerPlatform-DataverseClient-Python
 */
export function getSqlRows(context: WebApiContext, table: TableModel, sql: string): WebApiResponse {
  const { store } = context.org;
  const query = parseSql(sql);
  const skip = context.options.values.get('$skiptoken');
  const page = skip === undefined ? 1 : parseSkipToken(skip).page;
  const window = readWindow(query, { page, pageSize: context.prefer.maxPageSize ?? maxPageSize });
  const result = store.fetch(sqlToFetch(query, store.model), context.actor, window);
  const hasNext = result.moreRecords && query.offset === undefined;
  return fetchResponse(context, table, result, hasNext ? nextLink(context, { table, result, page }) : {});
}

/** The rows of OFFSET and FETCH, or of a page. TOP has a single page. */
function readWindow(
  { top, offset }: SqlQuery,
  { page, pageSize }: { readonly page: number; readonly pageSize: number },
): RowWindow | undefined {
  if (top !== undefined && offset !== undefined)
    throw unsupportedSql('A TOP can not be used in the same query as a OFFSET.');
  if (offset) return { offset: offset.rows, size: Math.min(offset.next ?? maxPageSize, maxPageSize) };
  return top === undefined ? { offset: (page - 1) * pageSize, size: pageSize } : undefined;
}

function nextLink(
  { url, options }: WebApiContext,
  {
    table,
    result,
    page,
  }: { readonly table: TableModel; readonly result: FetchResult; readonly page: number },
): object {
  const $skiptoken = formatSkipToken({ page: page + 1, tracking: false }, pageEdgesOf(table, result.rows));
  return { '@odata.nextLink': buildLink(url, options, { $skiptoken }) };
}
