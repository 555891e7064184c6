import { ConnectorError } from '../errors/connector-error.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { Json, JsonObject } from '../model/json.ts';
import type { Table } from '../model/table.ts';
import type { Connection } from './connection.ts';
import { createLinkFollower } from './follow-links.ts';
import { nextPageRequest, type RowPage } from './list-pages.ts';
import { completeNestedLists, type NextPageRequest } from './nested-lists.ts';
import { requireSuccess, type SentPlan } from './send-plan.ts';
import { type SendPage, streamRows } from './stream-rows.ts';

/** Some rows of a list. The last group of a page has its end. */
export interface RowGroup<Row = JsonObject> {
  readonly rows: readonly Row[];
  readonly end?: Omit<RowPage, 'rows'>;
}

export interface ListStreamOptions {
  /** Sends the request of the first page with this connection. */
  readonly sendFirst: (connection: Connection) => Promise<Pick<SentPlan, 'response'>>;
  /** Decodes a row. */
  readonly shape: (row: JsonObject) => Json;
  readonly signal?: AbortSignal;
}

/**
 * The rows of all pages of a list while they arrive, in our names. An error says after how many rows the list broke; a
 * page never ends early without one.
 */
export async function* streamList(
  connection: Connection,
  table: Table,
  options: ListStreamOptions,
): AsyncGenerator<RowGroup<Json>> {
  const place = { page: 1, rows: 0 };
  try {
    for await (const group of readGroups(connection, table, options)) {
      yield group;
      place.rows += group.rows.length;
      if (group.end !== undefined) place.page += 1;
    }
  } catch (error) {
    throw withPlace(error, place);
  }
}

async function* readGroups(
  connection: Connection,
  table: Table,
  { sendFirst, shape, signal }: ListStreamOptions,
): AsyncGenerator<RowGroup<Json>> {
  const requests = new PageRequests(connection, signal);
  for (let send: SendPage | undefined = requests.first(sendFirst); send !== undefined; ) {
    let attempts = 0;
    let nextLink: string | undefined;
    for await (const { rows, end } of streamRows(send, { key: table.key, signal })) {
      const completed = await requests.completeRows(rows);
      attempts += completed.attempts + (end?.response.attempts ?? 0);
      nextLink = end?.page.nextLink;
      const hasMore = nextLink !== undefined;
      yield { rows: completed.value.map((row) => shape(row)), end: end && { attempts, hasMore } };
    }
    send = nextLink === undefined ? undefined : requests.next(nextLink);
  }
}

/** The requests of the pages of a list. */
class PageRequests {
  readonly #connection: Connection;
  readonly #signal: AbortSignal | undefined;
  /** The request of the first page: its headers are those of all pages. */
  #first: ApiRequest | undefined;
  #follow: ((link: string) => string) | undefined;

  constructor(connection: Connection, signal: AbortSignal | undefined) {
    this.#connection = connection;
    this.#signal = signal;
  }

  first(sendFirst: ListStreamOptions['sendFirst']): SendPage {
    const connection = this.#connection;
    return async (receiver, signal) => {
      const { response } = await sendFirst({
        ...connection,
        pipeline: (request) => {
          this.#first = request;
          return connection.pipeline({ ...request, receiver, signal });
        },
      });
      return response;
    };
  }

  next(link: string): SendPage {
    const request = this.#furtherRequest();
    this.#follow ??= createLinkFollower(this.#connection, request);
    const url = this.#follow(link);
    return async (receiver, signal) =>
      requireSuccess(await this.#connection.pipeline({ ...request, url, receiver, signal }));
  }

  /** The rows with all pages of the lists inside of them. */
  async completeRows(rows: readonly JsonObject[]) {
    const mayHaveLists = /(?:\$|%24)expand=/i.test(this.#first?.url ?? '');
    if (!mayHaveLists) return { value: rows, attempts: 0 };
    return await completeNestedLists(this.#connection, rows, this.#furtherRequest());
  }

  #furtherRequest(): NextPageRequest {
    const first = this.#first;
    if (first === undefined)
      throw new ConnectorError('RESPONSE_INVALID', 'The list has a next link before its first request.');
    return nextPageRequest({ plan: first, requestId: first.requestId }, this.#signal);
  }
}

function withPlace(
  error: unknown,
  { page, rows }: { readonly page: number; readonly rows: number },
): unknown {
  if (!(error instanceof ConnectorError) || error.code === 'ABORTED' || page + rows === 1) return error;
  const message = `${error.message} The list broke on page ${page}, after ${rows} rows.`;
  return new ConnectorError(error.code, message, { ...error.details, rowsRead: rows });
}
