import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiRequest, ApiResponse } from '../http/api-request.ts';
import type { Table } from '../model/table.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import { readODataPage } from '../odata/read-page.ts';
import { includeDisplayAnnotations } from '../odata/row-annotations.ts';
import type { Connection } from '../run/connection.ts';
import { missingColumnsOf, recordMissingColumn } from '../run/missing-columns.ts';
import type { PollPage, RowQuery, RowReader, WireRow } from './row-reader-port.ts';

/** The poll that reads the rows. */
export interface ReadPurpose {
  readonly operation: string;
  readonly requestId: string;
  readonly signal?: AbortSignal;
}

/** Creates a reader of a table that uses the connection's pipeline. */
export function createRowReader(connection: Connection, table: Table, purpose: ReadPurpose): RowReader {
  const get = async (url: string, prefer: readonly string[]): Promise<PollPage> => {
    const request: ApiRequest = {
      method: 'GET',
      url,
      headers: prefer.length === 0 ? {} : { prefer: prefer.join(',') },
      safety: 'repeatable',
      ...purpose,
    };
    const response = await connection.pipeline(request);
    if (response.error !== undefined) throw response.error;
    return toPollPage(response);
  };
  // The page size is part of what a next link means, so it is asked for again with every page.
  let prefer: readonly string[] = [];
  const readFirst = async (query: RowQuery, preferences: readonly string[]): Promise<PollPage> => {
    prefer = [...preferences, `odata.maxpagesize=${query.pageSize}`];
    for (;;) {
      try {
        return await get(queryUrl(connection, table, query), prefer);
      } catch (error) {
        if (!(error instanceof ConnectorError) || !recordMissingColumn(connection, table, error)) throw error;
      }
    }
  };
  return {
    read: (query) => readFirst(query, [includeDisplayAnnotations]),
    next: (link) => get(connection.guardLink(link), prefer),
    trackChanges: (query) => readFirst(query, ['odata.track-changes']),
    follow: (link) => get(connection.guardLink(link), prefer),
  };
}

function queryUrl(connection: Connection, table: Table, { filter, orderBy, select }: RowQuery): string {
  const missing = missingColumnsOf(connection, table);
  const options: [string, string][] = [['$select', select.filter((wire) => !missing.has(wire)).join(',')]];
  if (filter !== undefined) options.push(['$filter', filter]);
  if (orderBy !== undefined) options.push(['$orderby', orderBy]);
  return `${connection.baseUrl}/${table.entitySet}${encodeQuery(options)}`;
}

function toPollPage({ body, headers }: ApiResponse): PollPage {
  const serverTimeMs = Date.parse(headers.date ?? '');
  if (Number.isNaN(serverTimeMs)) {
    throw new ConnectorError(
      'RESPONSE_INVALID',
      'The response has no Date header; a poll needs the time of the organization.',
    );
  }
  const { nextLink, deltaLink } = readODataPage(body);
  return {
    rows: (body as { readonly value: readonly WireRow[] }).value,
    serverTimeMs,
    ...(nextLink === undefined ? {} : { nextLink }),
    ...(deltaLink === undefined ? {} : { deltaLink }),
  };
}
