import { type Client, ConnectorError } from 'dynamics365-connector';
import {
  type AnyConnector,
  type Connection,
  createClient,
  openConnection,
  runtimeOf,
} from 'dynamics365-connector/host';
import type { ConnectionStore } from 'dynamics365-connector/node';
import { ServiceError } from './problem/problem.ts';
import { createTurnCache } from './turn-cache.ts';

/** A saved connection, opened. */
export interface PooledConnection {
  readonly connection: Connection;
  readonly client: Client;
}

/** The opened connections of this process. A connection that was saved again, also by another process, is opened again. */
export interface ClientPool {
  /** @throws CONNECTION_UNKNOWN, without the names of other connections. */
  open(name: string): Promise<PooledConnection>;
  /** The connection as this process opened it last; undefined if it has not. */
  opened(name: string): PooledConnection | undefined;
}

/** Opens saved connections when they are needed. */
export function createClientPool(connector: AnyConnector, connections: ConnectionStore): ClientPool {
  const opened = new Map<string, PooledConnection & { readonly version: number }>();
  const versions = createTurnCache((name) => connections.version(name));
  return {
    opened: (name) => opened.get(name),
    async open(name) {
      const version = await versions.read(name);
      if (version === undefined) {
        opened.delete(name);
        throw unknownConnection(name);
      }
      const known = opened.get(name);
      if (known?.version === version) return known;
      const { saved, credential, options } = await connections.open(name).catch((error: unknown) => {
        // The advice of the error names the other connections.
        if (ConnectorError.is(error) && error.code === 'CONNECTION_INVALID') throw unknownConnection(name);
        throw error;
      });
      const connection = openConnection(runtimeOf(connector), saved.settings, credential, options);
      const entry = { connection, client: createClient(connection), version };
      opened.set(name, entry);
      return entry;
    },
  };
}

export function unknownConnection(name: string): ServiceError {
  return new ServiceError(
    'CONNECTION_UNKNOWN',
    `There is no connection "${name.slice(0, 64)}" for this key.`,
  );
}
