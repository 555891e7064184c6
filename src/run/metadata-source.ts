import { readCallerId } from '../auth/caller-id.ts';
import type { MetadataSource } from '../metadata/metadata-service.ts';
import type { JsonObject } from '../model/json.ts';
import type { Connection } from './connection.ts';
import { requireSuccess } from './send-plan.ts';

type SourceConnection = Pick<Connection, 'services' | 'baseUrl' | 'pipeline' | 'origin' | 'tokens'>;

/** The metadata of a connection's organization. Each part is read, and its reader loaded, when it is first needed. */
export function createMetadataSource(connection: SourceConnection): MetadataSource {
  let service: Promise<MetadataSource> | undefined;
  const open = () => {
    service ??= openService(connection);
    return service;
  };
  return {
    origin: connection.origin,
    listTables: async () => (await open()).listTables(),
    getTable: async (logicalName) => (await open()).getTable(logicalName),
    getOperations: async () => (await open()).getOperations(),
    revalidate: async () => (await (await open()).revalidate?.()) === true,
  };
}

async function openService({
  services,
  baseUrl,
  pipeline,
  origin,
  tokens,
}: SourceConnection): Promise<MetadataSource> {
  const { createMetadataService } = await import('../metadata/metadata-service.ts');
  const { metadataDocumentPath } = await import('../metadata/metadata-paths.ts');
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
