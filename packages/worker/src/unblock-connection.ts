import type { ConnectionsByName } from './poller.ts';
import type { WorkerOptions } from './worker-options.ts';

/** Creates the function that ends the block of a connection, for the first poll after a user resumed a subscription. */
export function createUnblock(connections: ConnectionsByName): NonNullable<WorkerOptions['unblock']> {
  return async ({ connection }) => {
    await connections.get(connection)?.unblock();
  };
}
