import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiRequest, ApiResponse, BodyReceiver } from '../http/api-request.ts';
import { isJsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import { type ODataPage, readODataPage } from '../odata/read-page.ts';
import { includeDisplayAnnotations, includeLookupTables } from '../odata/row-annotations.ts';
import type { Connection } from '../run/connection.ts';
import { missingColumnsOf, noColumns, recordMissingColumn } from '../run/missing-columns.ts';
import { requireSuccess } from '../run/send-plan.ts';
import { streamRows } from '../run/stream-rows.ts';
import type { PollPage, RowQuery, RowReader, TakeRows, WireRow } from './row-reader-port.ts';

/** The operation that reads the rows. */
export interface ReadPurpose {
  readonly operation: string;
  readonly requestId: string;
  readonly signal?: AbortSignal;
}

/** How rows are read, where it differs from the reads of triggers. */
export interface RowReaderOptions {
  /** Rows have no display texts, only the tables of lookups. */
  readonly withoutTexts?: boolean;
  /** A column that the organization lacks is an error. Otherwise it is left out. */
  readonly isStrict?: boolean;
  /** The page size of links from an earlier process, which belong to queries of that size. */
  readonly pageSize?: number;
}

/** Creates a reader of a table that uses the connection's pipeline. */
export function createRowReader(
  connection: Connection,
  table: Table,
  purpose: ReadPurpose,
  { withoutTexts = false, isStrict = false, pageSize }: RowReaderOptions = {},
): RowReader {
  const annotations = withoutTexts ? includeLookupTables : includeDisplayAnnotations;
  const toRequest = (url: string, prefer: readonly string[]): ApiRequest => ({
    method: 'GET',
    url,
    headers: prefer.length === 0 ? {} : { prefer: prefer.join(',') },
    safety: 'repeatable',
    ...purpose,
  });
  const get = async (url: string, prefer: readonly string[], take?: TakeRows): Promise<PollPage> => {
    const request = toRequest(url, prefer);
    if (take !== undefined) return await takePage(connection, { request, take, key: table.key });
    const response = requireSuccess(await connection.pipeline(request));
    const { value } = response.body as { readonly value: readonly WireRow[] };
    return toPollPage(response, readODataPage(response.body), value);
  };
  // The page size is part of what a next link means, so it is asked for again with every page.
  let prefer: readonly string[] =
    pageSize === undefined ? [] : [annotations, `odata.maxpagesize=${pageSize}`];
  const readFirst = async (
    query: RowQuery,
    preferences: readonly string[],
    take?: TakeRows,
  ): Promise<PollPage> => {
    prefer = [...preferences, `odata.maxpagesize=${query.pageSize}`];
    for (;;) {
      try {
        return await get(queryUrl(connection, table, query, isStrict), prefer, take);
      } catch (error) {
        if (!(error instanceof ConnectorError) || isStrict) throw error;
        if (!recordMissingColumn(connection, table, error, query.select)) throw error;
      }
    }
  };
  return {
    read: (query, take) => readFirst(query, [annotations], take),
    find: (id) => findRow(connection, table, toRequest(rowUrl(connection, table, id), [])),
    next: (link, take) => get(connection.guardLink(link), prefer, take),
    trackChanges: (query) => readFirst(query, ['odata.track-changes']),
    follow: (link) => get(connection.guardLink(link), prefer),
    countRows: () => countRows(connection, table, purpose),
  };
}

function queryUrl(
  connection: Connection,
  table: Table,
  { filter, orderBy, select }: RowQuery,
  isStrict: boolean,
): string {
  const missing = isStrict ? noColumns : missingColumnsOf(connection, table);
  const options: [string, string][] = [['$select', select.filter((wire) => !missing.has(wire)).join(',')]];
  if (filter !== undefined) options.push(['$filter', filter]);
  if (orderBy !== undefined) options.push(['$orderby', orderBy]);
  return `${connection.baseUrl}/${table.entitySet}${encodeQuery(options)}`;
}

function rowUrl({ baseUrl }: Connection, { entitySet, key }: Table, id: string): string {
  return `${baseUrl}/${entitySet}(${id})${encodeQuery([['$select', key]])}`;
}

/** `ObjectDoesNotExist`. Another 404 does not say that the row was deleted. */
const missingRow = { status: 404, serverCode: '0x80040217' };

async function findRow({ pipeline }: Connection, { key }: Table, request: ApiRequest): Promise<PollPage> {
  const response = await pipeline(request);
  const { status, serverCode } = response.error?.details ?? {};
  const isMissing = status === missingRow.status && serverCode === missingRow.serverCode;
  if (isMissing) return toPollPage(response, {}, []);
  const { body } = requireSuccess(response);
  return toPollPage(response, {}, isJsonObject(body) && key in body ? [body] : []);
}

interface TakenPage {
  readonly request: ApiRequest;
  readonly take: TakeRows;
  readonly key: string;
}

async function takePage({ pipeline }: Connection, { request, take, key }: TakenPage): Promise<PollPage> {
  const send = async (receiver: BodyReceiver, signal: AbortSignal) =>
    requireSuccess(await pipeline({ ...request, receiver, signal }));
  for await (const { rows, end } of streamRows(send, { key, signal: request.signal })) {
    if (end !== undefined) return toPollPage(end.response, end.page, rows);
    await take(rows);
  }
  throw new ConnectorError('RESPONSE_INVALID', 'The page of a list has no end.');
}

function toPollPage(
  { headers }: ApiResponse,
  { nextLink, deltaLink }: Pick<ODataPage, 'nextLink' | 'deltaLink'>,
  rows: readonly WireRow[],
): PollPage {
  const serverTimeMs = Date.parse(headers.date ?? '');
  if (Number.isNaN(serverTimeMs)) {
    throw new ConnectorError(
      'RESPONSE_INVALID',
      'The response has no Date header; a poll needs the time of the organization.',
    );
  }
  return { rows, serverTimeMs, nextLink, deltaLink };
}

/** https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/retrievetotalrecordcount */
async function countRows(
  { pipeline, baseUrl }: Connection,
  { logicalName }: Table,
  purpose: ReadPurpose,
): Promise<number | undefined> {
  const url = `${baseUrl}/RetrieveTotalRecordCount(EntityNames=['${logicalName}'])`;
  const { error, body } = await pipeline({
    method: 'GET',
    url,
    headers: {},
    safety: 'repeatable',
    ...purpose,
  });
  // The count is only shown: a user without the right to read it loses nothing else.
  if (error !== undefined || !isJsonObject(body) || !isJsonObject(body.EntityRecordCountCollection))
    return undefined;
  const { Values: values } = body.EntityRecordCountCollection;
  const count = Array.isArray(values) ? values[0] : undefined;
  return typeof count === 'number' ? count : undefined;
}
