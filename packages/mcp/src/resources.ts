import type { JsonObject } from 'dynamics365-connector';
import { untypedClient } from 'dynamics365-connector/host';
import { type McpServer, ResourceNotFoundError, ResourceTemplate } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { fileUris } from './tool-files.ts';

const tablesUri = 'dataverse://tables';
const jsonMimeType = 'application/json';

/**
 * Adds the organization's tables as resources: `dataverse://tables` lists their names, `dataverse://tables/incident`
 * has the columns, choices and relationships of one table.
 */
export function addResources(server: McpServer, { client }: McpServerConfig): void {
  const { metadata } = client;
  addFileResources(server, client);
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
      // A column that was added a moment ago is in the answer.
      await metadata.revalidate?.();
      const table = await metadata.getTable(String(variables.table));
      if (table === undefined) throw new ResourceNotFoundError(uri.href);
      return toJsonContents(uri.href, table);
    },
  );
}

/** The files of notes and e-mails: `dataverse://files/note/<id>`. */
function addFileResources(server: McpServer, client: McpServerConfig['client']): void {
  for (const [action, start] of Object.entries(fileUris)) {
    const template = new ResourceTemplate(`${start}{id}`, { list: undefined });
    const about = { title: 'File', description: `The file that ${action} reads.` };
    server.registerResource(action, template, about, async (uri, variables) => {
      const { output } = await untypedClient(client).run(action, { id: String(variables.id) });
      const { mimeType, content } = output as JsonObject;
      return { contents: [{ uri: uri.href, mimeType: String(mimeType), blob: String(content) }] };
    });
  }
}

function toJsonContents(uri: string, value: unknown) {
  return { contents: [{ uri, mimeType: jsonMimeType, text: JSON.stringify(value) }] };
}
