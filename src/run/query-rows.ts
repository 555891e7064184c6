import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import {
  addPaging,
  type FetchXmlPage,
  isSinglePage,
  nextFetchXmlPage,
} from '../odata/fetchxml/fetchxml-paging.ts';
import { type ODataPage, readODataPage } from '../odata/read-page.ts';
import { includeDisplayAnnotations, includeFetchXmlAnnotations } from '../odata/row-annotations.ts';
import { addQueryDiagnostics } from '../query/error-diagnostics.ts';
import { type QueryRequest, toQueryOptions } from '../query/query-request.ts';
import { resolveTable } from '../query/resolve-table.ts';
import type { Connection } from './connection.ts';
import { countIssues } from './count-issues.ts';
import { createLinkFollower } from './follow-links.ts';
import { completeNestedLists } from './nested-lists.ts';

const defaultPageSize = 1000;

/** Options of one query. */
export interface QueryOptions {
  /** Cancels the query: it ends with ABORTED. */
  readonly signal?: AbortSignal;
  /** Rows per page, 1 to 5,000; 1,000 by default. */
  readonly pageSize?: number;
}

interface RowOptions extends QueryOptions {
  /** Expanded collections with all their pages; by default, rows are as Dataverse sends them. */
  readonly nestedLists?: 'all pages';
}

/**
 * The rows of a query, page by page, as Dataverse sends them. The query is checked before it is sent: QUERY_INVALID
 * has the diagnostics of a query that Dataverse would reject. OData pages follow the next link, FetchXML pages the
 * paging cookie.
 * https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/page-results
 */
export async function* queryRows(
  connection: Connection,
  request: QueryRequest,
  options: RowOptions = {},
): AsyncGenerator<readonly JsonObject[]> {
  await assertValidQuery(connection, request);
  const read = createPageReader(connection, request, options);
  if (request.fetchXml === undefined) yield* readODataPages(connection, request, read);
  else yield* readFetchXmlPages(connection, request, { xml: request.fetchXml, read, ...options });
}

type ReadPage = (url: string) => Promise<ODataPage>;

function createPageReader(
  connection: Connection,
  request: QueryRequest,
  { pageSize, signal, nestedLists }: RowOptions,
): ReadPage {
  const requestId = connection.services.uuid();
  const headers = { prefer: preferHeader(request, pageSize) };
  return async (url) => {
    const read = { operation: 'query', method: 'GET', safety: 'repeatable' } as const;
    const response = await connection.pipeline({ ...read, url, headers, requestId, signal });
    if (response.error === undefined) {
      const page = readODataPage(response.body);
      if (nestedLists !== 'all pages') return page;
      const rows = await completeNestedLists(connection, page.rows, { ...read, headers, requestId, signal });
      return { ...page, rows: rows.value };
    }
    throw await addQueryDiagnostics(connection.queryChecker, request, response.error);
  };
}

async function* readODataPages(
  connection: Connection,
  request: QueryRequest,
  read: ReadPage,
): AsyncGenerator<readonly JsonObject[]> {
  const follow = createLinkFollower(connection, { operation: 'query' });
  for (let url = await queryUrl(connection, request); ; ) {
    const page = await read(url);
    yield page.rows;
    if (page.nextLink === undefined) return;
    url = follow(page.nextLink);
  }
}

async function* readFetchXmlPages(
  connection: Connection,
  request: QueryRequest,
  { xml, read, pageSize = defaultPageSize }: QueryOptions & { readonly xml: string; readonly read: ReadPage },
): AsyncGenerator<readonly JsonObject[]> {
  let next: FetchXmlPage | undefined;
  do {
    const fetchXml: string = isSinglePage(xml) ? xml : addPaging(xml, pageSize, next);
    const page: ODataPage = await read(await queryUrl(connection, { ...request, fetchXml }));
    yield page.rows;
    next = nextFetchXmlPage(page, next);
  } while (next !== undefined);
}

async function assertValidQuery({ queryChecker }: Connection, request: QueryRequest): Promise<void> {
  const { diagnostics } = await queryChecker.check(request);
  if (!diagnostics.some(({ severity }) => severity === 'error')) return;
  const message = `The query has ${countIssues(diagnostics)}; no request was sent.`;
  throw new ConnectorError('QUERY_INVALID', message, { diagnostics });
}

/** Dataverse does not accept a page size together with `$top`. */
function preferHeader({ top, fetchXml }: QueryRequest, pageSize = defaultPageSize): string {
  if (fetchXml !== undefined) return includeFetchXmlAnnotations;
  return top === undefined
    ? `${includeDisplayAnnotations},odata.maxpagesize=${pageSize}`
    : includeDisplayAnnotations;
}

async function queryUrl(
  { baseUrl, queryChecker, definition }: Connection,
  request: QueryRequest,
): Promise<string> {
  const { logicalName: name } = await resolveTable(definition, queryChecker.source, request.table);
  const known = Object.values(definition.tables).find((table) => table.logicalName === name);
  const set = known?.entitySet ?? (await queryChecker.source.getTable(name))?.entitySet ?? name;
  return `${baseUrl}/${encodeURIComponent(set)}${encodeQuery(Object.entries(toQueryOptions(request)))}`;
}
