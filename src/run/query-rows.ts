import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import { readODataPage } from '../odata/read-page.ts';
import { addQueryDiagnostics } from '../query/error-diagnostics.ts';
import { type QueryRequest, toQueryOptions } from '../query/query-request.ts';
import { resolveTable } from '../query/resolve-table.ts';
import type { Connection } from './connection.ts';
import { requireSuccess } from './send-plan.ts';

/** How a query is run. */
export interface QueryOptions {
  readonly signal?: AbortSignal;
  /** Rows a page, 1 to 5,000; 1,000 if left out. */
  readonly pageSize?: number;
}

const includeAnnotations =
  'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"';

/**
 * The rows of a query, page by page, as Dataverse sends them. The query is checked first: what would be refused
 * throws QUERY_INVALID with its diagnostics, and nothing is sent.
 */
export async function* queryRows(
  connection: Connection,
  request: QueryRequest,
  options: QueryOptions = {},
): AsyncGenerator<readonly JsonObject[]> {
  const { diagnostics } = await connection.queryChecker.check(request);
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    const count = diagnostics.length === 1 ? 'one fault' : `${diagnostics.length} faults`;
    throw new ConnectorError('QUERY_INVALID', `The query has ${count}; nothing was sent.`, { diagnostics });
  }
  const requestId = connection.services.uuid();
  const size = options.pageSize ?? 1000;
  // $top and a page size cannot stand together.
  const prefer =
    request.top === undefined ? `${includeAnnotations},odata.maxpagesize=${size}` : includeAnnotations;
  let url: string | undefined = await queryUrl(connection, request);
  for (const followed = new Set<string>(); url !== undefined; ) {
    followed.add(url);
    const apiRequest = {
      operation: 'query',
      method: 'GET',
      url,
      headers: { prefer },
      safety: 'repeatable',
      requestId,
    } as const;
    const response = await connection.pipeline(
      options.signal ? { ...apiRequest, signal: options.signal } : apiRequest,
    );
    if (response.error !== undefined)
      throw await addQueryDiagnostics(connection.queryChecker, request, response.error);
    const page = readODataPage(requireSuccess(response).body);
    yield page.rows;
    const next: string | undefined = page.nextLink && connection.guardLink(page.nextLink);
    if (next !== undefined && followed.has(next)) {
      throw new ConnectorError('RESPONSE_INVALID', 'A next link came twice; the list would never end.', {
        requestId,
      });
    }
    url = next;
  }
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
