import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { StdioClientTransport as OldStdioTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { cliCommand, startCli } from '../../cli/test/run-cli.ts';
import { callTool, callToolOutput, createLegacyClient, createTestClient, saveConnection } from './fixture.ts';

const mcpArgs = ['mcp', '--allow-writes', '--allow-deletes'];

describe('d365 mcp', function () {
  this.timeout(60_000);
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

  it('works for clients of all generations over stdio', async () => {
    const now = createTestClient(() => ({ action: 'accept', content: { confirm: true } }));
    const before = createTestClient(() => ({ action: 'accept', content: { confirm: true } }), 'legacy');
    const old = createLegacyClient();
    const parameters = await createParameters();
    await now.connect(new StdioClientTransport(parameters));
    await before.connect(new StdioClientTransport(parameters));
    await old.connect(new OldStdioTransport(parameters));
    try {
      for (const client of [now, before, old]) {
        const [found] = await callToolOutput<JsonObject[]>(client, 'case_list', {
          state: 'active',
          limit: 1,
        });
        const { id } = found!;
        await callToolOutput(client, 'case_update', { id: id!, priority: 'high' });
        const changed = await callToolOutput(client, 'case_get', { id: id! });
        expect(changed).to.include({ id, priority: 'high' });
        const deleted = await callTool(client, 'run_action', { action: 'case.delete', input: { id: id! } });
        expect(deleted.isError, 'nobody can be asked').to.equal(client === old);
      }
    } finally {
      for (const client of [now, before, old]) await client.close();
    }
  });

  it('says which pattern of tools fits no action', async () => {
    const child = await startServer('--tools', 'cases.*');
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    const [code] = await once(child, 'close');
    expect(code).to.equal(8);
    expect(said).to.contain('--tools "cases.*" fits no action');
  });

  it('has nothing but protocol on stdout, and ends with its client', async () => {
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
    const ask = (id: number, method: string, params: object) =>
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    ask(1, 'initialize', params);
    ask(2, 'tools/list', {});
    ask(3, 'tools/call', { name: 'case_get', arguments: { id: 'wrong' } });
    while (stdout.split('\n').filter(Boolean).length < 3) await once(child.stdout, 'data');
    child.stdin.end();
    const [code] = await once(child, 'close');
    expect(code).to.equal(0);
    const messages = stdout.trim().split('\n');
    expect(messages.map((line) => JSON.parse(line).id).sort()).to.deep.equal([1, 2, 3]);
  });

  it('refuses a port that is none', async () => {
    const child = await startServer('--http', 'many');
    const [code] = await once(child, 'close');
    expect(code).to.equal(8);
  });
});
