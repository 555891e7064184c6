import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport as LegacyStdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { cliCommand, startCli } from '../../cli/test/run-cli.ts';
import { callTool, callToolOutput, createLegacyClient, createTestClient, saveConnection } from './fixture.ts';

const mcpArgs = ['mcp', '--allow-writes', '--allow-deletes'];

describe('d365 mcp', () => {
  let sandbox: Sandbox;
  let folder: string;
  let env: Readonly<Record<string, string>>;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-mcp-'));
    sandbox = await createSandbox();
    env = await saveConnection(sandbox, folder);
  });
  after(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  });

  const createParameters = async () => ({ ...(await cliCommand(mcpArgs)), env: { ...env } });
  const startServer = (...args: readonly string[]) => startCli([...mcpArgs, ...args], { folder });

  it('serves clients of every protocol version over stdio', async () => {
    const current = createTestClient(() => ({ action: 'accept', content: { confirm: true } }));
    const previous = createTestClient(() => ({ action: 'accept', content: { confirm: true } }), 'legacy');
    const legacy = createLegacyClient();
    const parameters = await createParameters();
    await current.connect(new StdioClientTransport(parameters));
    await previous.connect(new StdioClientTransport(parameters));
    await legacy.connect(new LegacyStdioTransport(parameters));
    try {
      for (const client of [current, previous, legacy]) {
        const [found] = await callToolOutput<JsonObject[]>(client, 'case_list', {
          state: 'active',
          limit: 1,
        });
        const { id } = found!;
        await callToolOutput(client, 'case_update', { id: id!, priority: 'high' });
        const changed = await callToolOutput(client, 'case_get', { id: id! });
        expect(changed).to.include({ id, priority: 'high' });
        const deleted = await callTool(client, 'run_action', { action: 'case.delete', input: { id: id! } });
        expect(deleted.isError, 'no elicitation').to.equal(client === legacy);
      }
    } finally {
      for (const client of [current, previous, legacy]) await client.close();
    }
  });

  it('exits with code 8 for a --tools pattern that matches no action', async () => {
    const child = await startServer('--tools', 'cases.*');
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    expect(code).to.equal(8);
    expect(stderr).to.contain('--tools "cases.*" matches no action');
  });

  it('writes only protocol messages to stdout and exits when stdin ends', async () => {
    const child = await startServer();
    let stdout = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    const params = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'a', version: '1' },
    };
    const send = (id: number, method: string, params: object) =>
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    send(1, 'initialize', params);
    send(2, 'tools/list', {});
    send(3, 'tools/call', { name: 'case_get', arguments: { id: 'wrong' } });
    while (stdout.split('\n').filter(Boolean).length < 3) await once(child.stdout, 'data');
    child.stdin.end();
    const [code] = await once(child, 'close');
    expect(code).to.equal(0);
    const messages = stdout.trim().split('\n');
    expect(messages.map((line) => JSON.parse(line).id).sort()).to.deep.equal([1, 2, 3]);
  });

  it('exits with code 8 for an invalid --http port', async () => {
    const child = await startServer('--http', 'many');
    const [code] = await once(child, 'close');
    expect(code).to.equal(8);
  });
});
