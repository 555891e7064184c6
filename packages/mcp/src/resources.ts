import type { McpSdk, McpServer } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';

const tablesUri = 'dataverse://tables';

/** The organization's tables as resources: all their names, and one with its columns, choices and relationships. */
export function addResources(
  sdk: McpSdk,
  server: McpServer,
  { client: { metadata } }: McpServerConfig,
): void {
  server.registerResource(
    'tables',
    tablesUri,
    { title: 'Tables', description: 'Names of all tables of the organization.', mimeType: jsonMimeType },
    async () => toJsonContents(tablesUri, await metadata.listTables()),
  );
  const names = async (prefix: string) =>
    (await metadata.listTables()).map(({ name }) => name).filter((name) => name.startsWith(prefix));
  server.registerResource(
    'table',
    new sdk.ResourceTemplate(`${tablesUri}/{table}`, { list: undefined, complete: { table: names } }),
    { title: 'Table', description: 'One table: columns, choices, relationships.', mimeType: jsonMimeType },
    async (uri, variables) => {
      const table = await metadata.getTable(String(variables.table));
      if (table === undefined) throw new sdk.ResourceNotFoundError(uri.href);
      return toJsonContents(uri.href, table);
    },
  );
}

const jsonMimeType = 'application/json';

function toJsonContents(uri: string, value: unknown) {
  return { contents: [{ uri, mimeType: jsonMimeType, text: JSON.stringify(value) }] };
}
