import { metadataDocumentPath } from '../metadata/metadata-paths.ts';
import { createMetadataService, type MetadataSource } from '../metadata/metadata-service.ts';
import type { JsonObject } from '../model/json.ts';
import type { Connection } from './connection.ts';
import { requireSuccess } from './send-plan.ts';

/** The metadata of a connection's organization. Each part is read when it is first needed. */
export function createMetadataSource(
  connection: Pick<Connection, 'services' | 'baseUrl' | 'pipeline' | 'origin'>,
): MetadataSource {
  const { services, baseUrl, pipeline, origin } = connection;
  return createMetadataService({
    store: services.store,
    clock: services.clock,
    origin,
    async read(path) {
      const response = await pipeline({
        operation: 'metadata',
        method: 'GET',
        url: `${baseUrl}${path}`,
        headers:
          path === metadataDocumentPath
            ? { accept: 'application/xml' }
            : { prefer: 'odata.include-annotations="*"' },
        safety: 'repeatable',
        requestId: services.uuid(),
      });
      return requireSuccess(response).body as JsonObject;
    },
  });
}
