// The same folder with the MCP packages: a client of the SDK works through `d365 mcp` as it was installed.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { createSandbox } from 'dynamics365-connector-sandbox';

const { organization, authority, app, close } = await createSandbox();
const cli = new URL('node_modules/dynamics365-connector/dist/cli/main.js', import.meta.url).pathname;
const env = { PATH: process.env.PATH, D365_HOME: 'd365/home', D365_KEY_FILE: 'd365/keys/vault.key' };
const settings = ['--org', organization.origin, '--tenant', authority.tenantId, '--authority', authority.url];
const connect = spawn(
  process.execPath,
  [cli, 'connect', 'sandbox', ...settings, '--client-id', app.clientId, '--app', '--secret-stdin'],
  { env, stdio: ['pipe', 'ignore', 'inherit'] },
);
connect.stdin.end(app.clientSecret);
assert.deepEqual(await once(connect, 'exit'), [0, null]);

const client = new Client({ name: 'test', version: '1.0.0' });
await client.connect(
  new StdioClientTransport({ command: process.execPath, args: [cli, 'mcp', '--allow-writes'], env }),
);
const { tools } = await client.listTools();
assert.ok(tools.some(({ name }) => name === 'case_create'));
const list = await client.callTool({ name: 'case_list', arguments: { state: 'active', limit: 1 } });
const [{ id }] = list.structuredContent.output;
const update = await client.callTool({ name: 'case_update', arguments: { id, priority: 'high' } });
assert.ok(!update.isError, JSON.stringify(update.content));
await client.close();
await close();

console.log(`d365 mcp works from the tarball on Node ${process.version}`);
