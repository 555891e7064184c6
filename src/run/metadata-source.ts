import { readCallerId } from '../auth/caller-id.ts';
import { metadataDocumentPath } from '../metadata/metadata-paths.ts';
import { createMetadataService, type MetadataSource } from '../metadata/metadata-service.ts';
import type { JsonObject } from '../model/json.ts';
import type { Connection } from './connection.ts';
import { requireSuccess } from './send-plan.ts';

/** The metadata of a connection's organization. Each part is read when it is first needed. */
export function createMetadataSource(
  connection: Pick<Connection, 'services' | 'baseUrl' | 'pipeline' | 'origin' | 'tokens'>,
): MetadataSource {
  const { services, baseUrl, pipeline, origin, tokens } = connection;
  return createMetadataService({
    store: services.store,
    clock: services.clock,
    origin,
    caller: async () => readCallerId(await tokens.getToken()),
    async read(path) {
      const response = await pipeline({
        operation: 'metadata',
        method: 'GET',
        url: `${baseUrl}${path}`,
        headers:
          path === metadataDocumentPath
            ? { accept: 'application/xml' }
            : // Without it, Dataverse answers from a cache that can be half a minute old.
              { prefer: 'odata.include-annotations="*"', consistency: 'Strong' },
        safety: 'repeatable',
        requestId: services.uuid(),
      });
      return requireSuccess(response).body as JsonObject;
    },
  });
}
