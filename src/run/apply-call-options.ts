import { type CallOptions, optionHeaders } from './call-options.ts';
import type { Connection } from './connection.ts';

/** The call options that apply to every request of a call. `ifVersion` is not one of them: it belongs to one row. */
export type SharedCallOptions = Omit<CallOptions, 'ifVersion'>;

/** The headers of these options, for requests and for the parts of a batch. */
export function sharedOptionHeaders({
  ifVersion: _,
  ...options
}: SharedCallOptions & CallOptions): Readonly<Record<string, string>> {
  return optionHeaders(options);
}

/** A connection that adds the headers of these options to every request. */
export function applyCallOptions(connection: Connection, options: SharedCallOptions): Connection {
  const headers = sharedOptionHeaders(options);
  if (Object.keys(headers).length === 0) return connection;
  return {
    ...connection,
    direct: undefined,
    pipeline: (request) => connection.pipeline({ ...request, headers: { ...request.headers, ...headers } }),
  };
}
