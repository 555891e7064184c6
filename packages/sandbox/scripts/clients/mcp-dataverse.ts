import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { organizationHost } from './certificate.ts';
import { startIdentityEndpoint } from './identity-endpoint.ts';
import { buildToolCalls } from './mcp-tool-calls.ts';
import type { ClientSuite, Scenario } from './scenario.ts';
import type { SuiteContext } from './suite-context.ts';

/**
 * The tools of mcp-dataverse. The server connects to HTTPS hosts of Dataverse only: the gateway's certificate is
 * trusted and the host resolves to 127.0.0.1.
 */
export async function mcpDataverseSuite(context: SuiteContext): Promise<ClientSuite> {
  const identity = await startIdentityEndpoint(context.token);
  const client = new Client({ name: 'sandbox-clients', version: '1.0.0' });
  await client.connect(createTransport(context, identity.url));
  const { tools } = await client.listTools();
  const calls = buildToolCalls(context);
  const missing = tools.map(({ name }) => name).filter((name) => !(name in calls));
  return {
    client: 'mcp-dataverse',
    scenarios: [
      { name: 'every tool has a scenario', run: async () => rejectMissing(missing) },
      ...Object.entries(calls).flatMap(([tool, args]) => (args ? [callTool(client, tool, args)] : [])),
    ],
    async close() {
      await client.close();
      identity.server.close();
      identity.server.closeAllConnections();
    },
  };
}

function createTransport(
  { folder, gateway, certificate }: SuiteContext,
  identityUrl: string,
): StdioClientTransport {
  const server = join(folder, 'node_modules/mcp-dataverse/dist/server.js');
  const preload = new URL('resolve-to-loopback.ts', import.meta.url).href;
  return new StdioClientTransport({
    command: process.execPath,
    args: ['--import', preload, server],
    cwd: folder,
    stderr: 'ignore',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      NODE_EXTRA_CA_CERTS: certificate.certFile,
      AUTH_METHOD: 'managed-identity',
      DATAVERSE_ENV_URL: `https://${organizationHost}:${gateway.httpsPort}`,
      MAX_RETRIES: '0',
      IDENTITY_ENDPOINT: identityUrl,
      IDENTITY_HEADER: 'sandbox',
    },
  });
}

function rejectMissing(missing: readonly string[]): void {
  if (missing.length > 0) throw new Error(`no scenario for ${missing.join(', ')}`);
}

function callTool(client: Client, tool: string, args: object): Scenario {
  return {
    name: tool,
    // It asks for features that an organization can lack.
    expectsRefusal: tool === 'dataverse_environment_capabilities',
    run: async () => {
      const result = await client.callTool({ name: tool, arguments: { ...args } });
      if (result.isError !== true) return;
      const [first] = result.content as readonly { readonly text?: string }[];
      throw new Error(first?.text ?? 'the tool failed');
    },
  };
}
