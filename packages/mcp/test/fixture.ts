import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldHttpTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type JsonObject, Secret } from 'dynamics365-connector';
import { openConnectionStore } from 'dynamics365-connector/node';
import type { Sandbox } from 'dynamics365-connector-sandbox';
import type { SandboxClient } from '../../../test/support/sandbox-client.ts';
import { type McpHttpServer, type McpServerConfig, serveMcpHttp } from '../src/index.ts';

const info = { name: 'test', version: '1.0.0' };

/** What a user answers when asked to confirm; absent: the client cannot ask. */
export type ConfirmHandler = (message: string) => {
  action: 'accept' | 'decline';
  content?: { confirm: boolean };
};

/** A client of the SDK's second generation, with the protocol of 2026 (`auto`) or of 2025 (`legacy`). */
export function createTestClient(confirm?: ConfirmHandler, mode: 'auto' | 'legacy' = 'auto'): Client {
  const client = new Client(info, {
    versionNegotiation: { mode },
    capabilities: confirm === undefined ? {} : { elicitation: {} },
  });
  if (confirm !== undefined) {
    client.setRequestHandler('elicitation/create', async ({ params }) => confirm(params.message) as never);
  }
  return client;
}

/** A client of the first generation. */
export const createLegacyClient = () => new OldClient(info);

/** A server of a bench over HTTP, and clients that are connected to it. */
export async function startHttpServer(
  bench: Pick<SandboxClient, 'connector' | 'client'>,
  options: Partial<McpServerConfig> = {},
): Promise<{
  readonly server: McpHttpServer;
  connect(confirm?: ConfirmHandler): Promise<Client>;
  connectOld(): Promise<OldClient>;
}> {
  const server = await serveMcpHttp({ ...bench, ...options });
  const requestInit = { headers: { authorization: `Bearer ${server.token}` } };
  return {
    server,
    async connect(confirm) {
      const client = createTestClient(confirm);
      await client.connect(new StreamableHTTPClientTransport(new URL(server.url), { requestInit }));
      return client;
    },
    async connectOld() {
      const client = createLegacyClient();
      await client.connect(new OldHttpTransport(new URL(server.url), { requestInit }) as never);
      return client;
    },
  };
}

/** Where `d365` finds a connection to a sandbox, as the environment of its process. */
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

/** What a tool answered. */
export interface ToolCallResult {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: JsonObject;
}

/** Calls a tool with either generation of client. */
export async function callTool(
  client: Pick<Client, 'callTool'> | OldClient,
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

/** Calls a tool and answers its output; fails with its words when it is an error. */
export async function callToolOutput<T = JsonObject>(
  client: Pick<Client, 'callTool'> | OldClient,
  name: string,
  args: JsonObject = {},
): Promise<T> {
  const { isError, text, structured } = await callTool(client, name, args);
  if (isError) throw new Error(text);
  return structured.output as T;
}
