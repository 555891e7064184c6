import { ConnectorError } from '../errors/connector-error.ts';
import type { Answer, Call } from '../http/call.ts';
import type { Table } from '../model/table.ts';
import { readPage } from '../odata/page.ts';
import { encodeQuery } from '../odata/url.ts';
import type { Connection } from '../run/connection.ts';
import { forgetColumn, missingOf } from '../run/missing-columns.ts';
import { ANNOTATIONS } from '../run/plan-request.ts';
import type { Page, Row, RowQuery, RowReader } from './ports.ts';

/** Which poll the pages are read for. */
export interface ReadingFor {
  readonly operation: string;
  readonly requestId: string;
  readonly signal?: AbortSignal;
}

/** Reads one table's rows through the connection's pipeline, for the poller. */
export function createRowReader(connection: Connection, table: Table, purpose: ReadingFor): RowReader {
  const get = async (url: string, prefer: readonly string[]): Promise<Page> => {
    const call: Call = {
      method: 'GET',
      url,
      headers: prefer.length === 0 ? {} : { prefer: prefer.join(',') },
      safety: 'repeatable',
      ...purpose,
    };
    const answer = await connection.exchange(call);
    if (answer.error !== undefined) throw answer.error;
    return toPage(answer);
  };
  // The page size is part of what a next link means, so it is asked for again with every page.
  let prefer: readonly string[] = [];
  const first = async (query: RowQuery, preferences: readonly string[]): Promise<Page> => {
    prefer = [...preferences, `odata.maxpagesize=${query.pageSize}`];
    for (;;) {
      try {
        return await get(queryUrl(connection, table, query), prefer);
      } catch (error) {
        if (!(error instanceof ConnectorError) || !forgetColumn(connection, table, error)) throw error;
      }
    }
  };
  return {
    read: (query) => first(query, [ANNOTATIONS]),
    next: (link) => get(connection.guardLink(link), prefer),
    trackChanges: (query) => first(query, ['odata.track-changes']),
    follow: (link) => get(connection.guardLink(link), prefer),
  };
}

function queryUrl(connection: Connection, table: Table, { filter, orderBy, select }: RowQuery): string {
  const missing = missingOf(connection, table);
  const options: [string, string][] = [['$select', select.filter((wire) => !missing.has(wire)).join(',')]];
  if (filter !== undefined) options.push(['$filter', filter]);
  if (orderBy !== undefined) options.push(['$orderby', orderBy]);
  return `${connection.baseUrl}/${table.set}${encodeQuery(options)}`;
}

function toPage({ body, headers }: Answer): Page {
  const serverTimeMs = Date.parse(headers.date ?? '');
  if (Number.isNaN(serverTimeMs)) {
    throw new ConnectorError(
      'RESPONSE_INVALID',
      'The organisation answered without a Date; a poll needs its clock.',
    );
  }
  const { nextLink, deltaLink } = readPage(body);
  return {
    rows: (body as { readonly value: readonly Row[] }).value,
    serverTimeMs,
    ...(nextLink === undefined ? {} : { nextLink }),
    ...(deltaLink === undefined ? {} : { deltaLink }),
  };
}
