import { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import { readPage } from '../odata/page.ts';
import { encodeQuery } from '../odata/url.ts';
import { explainRefusal } from '../query/explain-refusal.ts';
import { findTable } from '../query/find-table.ts';
import { optionsOf, type QueryRequest } from '../query/request.ts';
import type { Connection } from './connection.ts';
import { answered } from './send-plan.ts';

/** How a query is run. */
export interface QueryOptions {
  readonly signal?: AbortSignal;
  /** Rows a page, 1 to 5,000; 1,000 if left out. */
  readonly pageSize?: number;
}

const annotations =
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
  const { diagnostics } = await connection.checker.check(request);
  if (diagnostics.some(({ severity }) => severity === 'error')) {
    const count = diagnostics.length === 1 ? 'one fault' : `${diagnostics.length} faults`;
    throw new ConnectorError('QUERY_INVALID', `The query has ${count}; nothing was sent.`, { diagnostics });
  }
  const requestId = connection.world.uuid();
  const size = options.pageSize ?? 1000;
  // $top and a page size cannot stand together.
  const prefer = request.top === undefined ? `${annotations},odata.maxpagesize=${size}` : annotations;
  let url: string | undefined = await urlOf(connection, request);
  for (const followed = new Set<string>(); url !== undefined; ) {
    followed.add(url);
    const call = {
      operation: 'query',
      method: 'GET',
      url,
      headers: { prefer },
      safety: 'repeatable',
      requestId,
    } as const;
    const answer = await connection.exchange(options.signal ? { ...call, signal: options.signal } : call);
    if (answer.error !== undefined) throw await explainRefusal(connection.checker, request, answer.error);
    const page = readPage(answered(answer).body);
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

async function urlOf({ baseUrl, checker, definition }: Connection, request: QueryRequest): Promise<string> {
  const { logicalName: name } = await findTable(definition, checker.source, request.table);
  const known = Object.values(definition.tables).find((table) => table.logicalName === name);
  const set = known?.set ?? (await checker.source.table(name))?.set ?? name;
  return `${baseUrl}/${encodeURIComponent(set)}${encodeQuery(Object.entries(optionsOf(request)))}`;
}
