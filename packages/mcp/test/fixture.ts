import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type JsonObject, Secret } from 'dynamics365-connector';
import { openConnectionStore } from 'dynamics365-connector/node';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import type { SandboxClient } from '../../../test/support/sandbox-client.ts';
import { type McpHttpServer, type McpServerConfig, serveMcpHttp } from '../src/index.ts';

const clientInfo = { name: 'test', version: '1.0.0' };

/** The user's response to an elicitation request. */
export type ConfirmHandler = (message: string) => {
  action: 'accept' | 'decline';
  content?: { confirm: boolean };
};

/** A client of the MCP SDK 2 with the 2026 protocol (`auto`) or the 2025 one (`legacy`). Without `confirm` it does not support elicitation. */
export function createTestClient(confirm?: ConfirmHandler, mode: 'auto' | 'legacy' = 'auto'): Client {
  const client = new Client(clientInfo, {
    versionNegotiation: { mode },
    capabilities: confirm === undefined ? {} : { elicitation: {} },
  });
  if (confirm !== undefined) {
    client.setRequestHandler('elicitation/create', async ({ params }) => confirm(params.message) as never);
  }
  return client;
}

/** A client of the MCP SDK 1. */
export const createLegacyClient = () => new LegacyClient(clientInfo);

/** What a server of a sandbox client serves. */
export const served = ({ connector, client }: Pick<SandboxClient, 'connector' | 'client'>) => ({
  connector,
  client,
});

/** Starts an MCP server over HTTP for a sandbox client, and connects clients to it. */
export async function startHttpServer(
  sandboxClient: Pick<SandboxClient, 'connector' | 'client'>,
  options: Partial<McpServerConfig> = {},
): Promise<{
  readonly server: McpHttpServer;
  connect(confirm?: ConfirmHandler): Promise<Client>;
  connectLegacy(): Promise<LegacyClient>;
}> {
  const server = await serveMcpHttp({ ...served(sandboxClient), ...options });
  const requestInit = { headers: { authorization: `Bearer ${server.token}` } };
  return {
    server,
    async connect(confirm) {
      const client = createTestClient(confirm);
      await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { requestInit }));
      return client;
    },
    async connectLegacy() {
      const client = createLegacyClient();
      await client.connect(new LegacyHttpTransport(new URL(server.url), { requestInit }) as never);
      return client;
    },
  };
}

/** Saves a connection to a sandbox and returns the environment variables that let `d365` find it. */
export async function saveConnection(
  { app, organization, authority }: Sandbox,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const env = { D365_HOME: join(folder, 'home'), D365_KEY_FILE: join(folder, 'keys/vault.key') };
  const connections = await openConnectionStore({ env });
  await connections.save(
    {
      name: 'sandbox',
      kind: 'app',
      settings: { orgUrl: organization.origin, tenant: authority.tenantId },
      clientId: app.clientId,
      localAuthority: authority.url,
    },
    { secret: new Secret(app.clientSecret!) },
  );
  connections.close();
  return env;
}

/** The result of a tool call. */
export interface ToolCallResult {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: JsonObject;
}

/** Calls a tool with a client of either SDK version. */
export async function callTool(
  client: Pick<Client, 'callTool'> | LegacyClient,
  name: string,
  args: JsonObject = {},
): Promise<ToolCallResult> {
  const result = await (client as Client).callTool({ name, arguments: { ...args } });
  const [block] = result.content as readonly { readonly text: string }[];
  return {
    isError: result.isError === true,
    text: block!.text,
    structured: (result.structuredContent ?? {}) as JsonObject,
  };
}

/** Calls a tool and returns its output; throws an Error with the result's text when the result is an error. */
export async function callToolOutput<T = JsonObject>(
  client: Pick<Client, 'callTool'> | LegacyClient,
  name: string,
  args: JsonObject = {},
): Promise<T> {
  const { isError, text, structured } = await callTool(client, name, args);
  if (isError) throw new Error(text);
  return structured.output as T;
}
