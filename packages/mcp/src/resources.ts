import type { McpHost } from './host.ts';
import type { McpServer, Sdk } from './sdk.ts';

const all = 'dataverse://tables';

/** The organisation's tables as resources: all their names, and one with its columns, choices and relationships. */
export function addResources(sdk: Sdk, server: McpServer, { client: { metadata } }: McpHost): void {
  server.registerResource(
    'tables',
    all,
    { title: 'Tables', description: 'Names of all tables of the organisation.', mimeType: json },
    async () => asJson(all, await metadata.names()),
  );
  const names = async (start: string) =>
    (await metadata.names()).map(({ name }) => name).filter((name) => name.startsWith(start));
  server.registerResource(
    'table',
    new sdk.ResourceTemplate(`${all}/{table}`, { list: undefined, complete: { table: names } }),
    { title: 'Table', description: 'One table: columns, choices, relationships.', mimeType: json },
    async (uri, variables) => {
      const table = await metadata.table(String(variables.table));
      if (table === undefined) throw new sdk.ResourceNotFoundError(uri.href);
      return asJson(uri.href, table);
    },
  );
}

const json = 'application/json';

function asJson(uri: string, value: unknown) {
  return { contents: [{ uri, mimeType: json, text: JSON.stringify(value) }] };
}
