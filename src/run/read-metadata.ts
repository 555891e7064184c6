import { documentPath } from '../metadata/requests.ts';
import { createMetadataService, type MetadataSource } from '../metadata/service.ts';
import type { JsonObject } from '../model/json.ts';
import type { Connection } from './connection.ts';
import { answered } from './send-plan.ts';

/** The tables of a connection's organisation; nothing is read before it is asked for. */
export function readMetadataOf(
  connection: Pick<Connection, 'world' | 'baseUrl' | 'exchange' | 'origin'>,
): MetadataSource {
  const { world, baseUrl, exchange, origin } = connection;
  return createMetadataService({
    store: world.store,
    clock: world.clock,
    origin,
    async read(path) {
      const answer = await exchange({
        operation: 'metadata',
        method: 'GET',
        url: `${baseUrl}${path}`,
        headers:
          path === documentPath ? { accept: 'application/xml' } : { prefer: 'odata.include-annotations="*"' },
        safety: 'repeatable',
        requestId: world.uuid(),
      });
      return answered(answer).body as JsonObject;
    },
  });
}
