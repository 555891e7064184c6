import { type CallOptions, optionHeaders } from './call-options.ts';
import type { Connection } from './connection.ts';

/** What a call of several requests asks for in each of them; a version belongs to one row only. */
export type SharedOptions = Omit<CallOptions, 'ifVersion'>;

/** The headers that say so, for the parts of a batch too. */
export function sharedHeaders({
  ifVersion: _,
  ...options
}: SharedOptions & CallOptions): Readonly<Record<string, string>> {
  return optionHeaders(options);
}

/** The connection, asking for this with every request. */
export function withOptions(connection: Connection, options: SharedOptions): Connection {
  const asked = sharedHeaders(options);
  if (Object.keys(asked).length === 0) return connection;
  return {
    ...connection,
    exchange: (call) => connection.exchange({ ...call, headers: { ...call.headers, ...asked } }),
  };
}
