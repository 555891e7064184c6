import { ConnectorError } from '../errors/connector-error.ts';
import type { Json, JsonObject } from '../model/json.ts';
import { encodeQuery } from '../odata/encode-url.ts';
import { readODataPage } from '../odata/read-page.ts';
import { includeDisplayAnnotations } from '../odata/row-annotations.ts';
import { sendApiRequest } from '../run/send-api-request.ts';
import type { HandlerContext } from './handler.ts';

/** One read of a handler: `/queueitems` with its query options. */
export interface ReadRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** By default, display texts and the tables of lookups are included. */
  readonly prefer?: string;
}

/** Sends a read, and returns the body of its response. */
export async function sendRead(
  { connection, action, options }: Pick<HandlerContext, 'connection' | 'action' | 'options'>,
  { path, query = {}, prefer = includeDisplayAnnotations }: ReadRequest,
): Promise<Json> {
  const { body = null } = await sendApiRequest(connection, {
    operation: action.id,
    method: 'GET',
    path: `${path}${encodeQuery(Object.entries(query))}`,
    headers: { prefer },
    safety: 'repeatable',
    signal: options.signal,
  });
  return body;
}

/** Sends a read of a list, and returns the rows of its first page. */
export async function readRows(
  context: HandlerContext,
  request: ReadRequest,
): Promise<readonly JsonObject[]> {
  return readODataPage(await sendRead(context, request)).rows;
}

/** For `catch`: a row that does not exist is undefined. */
export function ignoreNotFound(error: unknown): undefined {
  if (error instanceof ConnectorError && error.code === 'NOT_FOUND') return undefined;
  throw error;
}
