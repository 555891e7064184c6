import { type CallOptions, optionHeaders } from './call-options.ts';
import type { Connection } from './connection.ts';

/** What a call of several requests asks for in each of them; a version belongs to one row only. */
export type SharedCallOptions = Omit<CallOptions, 'ifVersion'>;

/** The headers that say so, for the parts of a batch too. */
export function sharedOptionHeaders({
  ifVersion: _,
  ...options
}: SharedCallOptions & CallOptions): Readonly<Record<string, string>> {
  return optionHeaders(options);
}

/** The connection, asking for this with every request. */
export function applyCallOptions(connection: Connection, options: SharedCallOptions): Connection {
  const headers = sharedOptionHeaders(options);
  if (Object.keys(headers).length === 0) return connection;
  return {
    ...connection,
    pipeline: (request) => connection.pipeline({ ...request, headers: { ...request.headers, ...headers } }),
  };
}
