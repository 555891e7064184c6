import { type McpServer, ResourceNotFoundError, ResourceTemplate } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';

const tablesUri = 'dataverse://tables';
const jsonMimeType = 'application/json';

/**
 * Adds the organization's tables as resources: `dataverse://tables` lists their names, `dataverse://tables/incident`
 * has the columns, choices and relationships of one table.
 */
export function addResources(server: McpServer, { client: { metadata } }: McpServerConfig): void {
  server.registerResource(
    'tables',
    tablesUri,
    { title: 'Tables', description: 'Names of all tables of the organization.', mimeType: jsonMimeType },
    async () => toJsonContents(tablesUri, await metadata.listTables()),
  );
  const namesStartingWith = async (prefix: string) =>
    (await metadata.listTables()).map(({ name }) => name).filter((name) => name.startsWith(prefix));
  server.registerResource(
    'table',
    new ResourceTemplate(`${tablesUri}/{table}`, {
      list: undefined,
      complete: { table: namesStartingWith },
    }),
    { title: 'Table', description: 'One table: columns, choices, relationships.', mimeType: jsonMimeType },
    async (uri, variables) => {
      const table = await metadata.getTable(String(variables.table));
      if (table === undefined) throw new ResourceNotFoundError(uri.href);
      return toJsonContents(uri.href, table);
    },
  );
}

function toJsonContents(uri: string, value: unknown) {
  return { contents: [{ uri, mimeType: jsonMimeType, text: JSON.stringify(value) }] };
}
