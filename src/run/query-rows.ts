import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import { readODataPage } from '../odata/read-page.ts';
import { includeDisplayAnnotations } from '../odata/row-annotations.ts';
import { addQueryDiagnostics } from '../query/error-diagnostics.ts';
import { type QueryRequest, toQueryOptions } from '../query/query-request.ts';
import { resolveTable } from '../query/resolve-table.ts';
import type { Connection } from './connection.ts';
import { countIssues } from './count-issues.ts';

/** Options of one query. */
export interface QueryOptions {
  /** Cancels the query: it ends with ABORTED. */
  readonly signal?: AbortSignal;
  /** Rows per page, 1 to 5,000; 1,000 by default. */
  readonly pageSize?: number;
}

/**
 * The rows of a query, page by page, as Dataverse sends them. The query is checked before it is sent: QUERY_INVALID
 * has the diagnostics of a query that Dataverse would reject.
 */
export async function* queryRows(
  connection: Connection,
  request: QueryRequest,
  options: QueryOptions = {},
): AsyncGenerator<readonly JsonObject[]> {
  await assertValidQuery(connection, request);
  const requestId = connection.services.uuid();
  const headers = { prefer: preferHeader(request, options.pageSize) };
  const { signal } = options;
  let url: string | undefined = await queryUrl(connection, request);
  for (const followed = new Set<string>(); url !== undefined; ) {
    followed.add(url);
    const read = { operation: 'query', method: 'GET', safety: 'repeatable' } as const;
    const response = await connection.pipeline({ ...read, url, headers, requestId, signal });
    if (response.error !== undefined)
      throw await addQueryDiagnostics(connection.queryChecker, request, response.error);
    const page = readODataPage(response.body);
    yield page.rows;
    url = page.nextLink && connection.guardLink(page.nextLink);
    if (url !== undefined && followed.has(url)) {
      const message = 'Dataverse sent the same next link twice; following it would never end.';
      throw new ConnectorError('RESPONSE_INVALID', message, { requestId });
    }
  }
}

async function assertValidQuery({ queryChecker }: Connection, request: QueryRequest): Promise<void> {
  const { diagnostics } = await queryChecker.check(request);
  if (!diagnostics.some(({ severity }) => severity === 'error')) return;
  const message = `The query has ${countIssues(diagnostics)}; no request was sent.`;
  throw new ConnectorError('QUERY_INVALID', message, { diagnostics });
}

/** Dataverse does not accept a page size together with `$top`. */
function preferHeader({ top }: QueryRequest, pageSize = 1000): string {
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
