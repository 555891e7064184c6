import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createAuthority } from '../../../test/support/certificate.ts';
import { startTestProxy, type TestProxy } from '../../../test/support/test-proxy.ts';
import { cliCommand, cliEnvironment } from './run-cli.ts';

const id = '11111111-1111-4111-8111-111111111111';
const org = 'contoso.crm4.dynamics.com';
const signIn = 'login.microsoftonline.com';
const keyVault = 'contoso.vault.azure.net';
const receiver = 'hooks.contoso.example';
const recorder = new URL('../../../test/support/record-connections.ts', import.meta.url).href;

const changedMs = Date.parse('2026-03-01T09:00:00Z');
const changedOn = new Date(changedMs).toISOString();
const row = {
  incidentid: id,
  title: 'Printer',
  versionnumber: 5,
  createdon: changedOn,
  modifiedon: changedOn,
};

const whoAmI = { UserId: id, BusinessUnitId: id, OrganizationId: id };

/** What a client of MCP over stdio sends to read rows. */
const mcpMessages = [
  {
    id: 1,
    method: 'initialize',
    params: {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1.0.0' },
    },
  },
  { method: 'notifications/initialized' },
  {
    id: 2,
    method: 'tools/call',
    params: { name: 'run_action', arguments: { action: 'account.list', input: {} } },
  },
];

const answer =
  (body: unknown): RequestListener =>
  (_, response) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

/** A proxy with a sign-in and an authority of its own; every connection of a program is written down. */
describe('d365: each host goes through the proxy, and nowhere else', () => {
  let folder: string;
  let proxy: TestProxy;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-each-host-'));
    const authority = createAuthority('Test Root');
    await writeFile(join(folder, 'root.pem'), authority.certificate);
    proxy = await startTestProxy({
      authority,
      login: 'svc:secret',
      hosts: {
        [org]: (request, response) => {
          const isRead = /^\/api\/data\/v9\.2\/incidents\?/.test(request.url ?? '');
          response.setHeader('date', new Date(changedMs + 60_000).toUTCString());
          answer({ ...whoAmI, value: isRead ? [row] : [] })(request, response);
        },
        [receiver]: answer({}),
        [signIn]: (request, response) =>
          answer(
            request.method === 'POST'
              ? { token_type: 'Bearer', access_token: 'token', expires_in: 3600 }
              : { issuer: `https://${signIn}/${id}/v2.0`, jwks_uri: `https://${signIn}/keys` },
          )(request, response),
        [keyVault]: answer({ value: `a:${Buffer.alloc(32, 'key').toString('base64')}` }),
      },
    });
    const worker = {
      connections: { contoso: { env: 'D365' } },
      subscriptions: { cases: { trigger: 'case.created', connection: 'contoso', deliver: { stdout: true } } },
    };
    await writeFile(join(folder, 'worker.yaml'), JSON.stringify(worker));
    const webhook = { url: `https://${receiver}/cases`, secret: { env: 'HOOK_SECRET' } };
    const delivering = {
      ...worker,
      subscriptions: { cases: { ...worker.subscriptions.cases, from: 'beginning', deliver: { webhook } } },
    };
    await writeFile(join(folder, 'webhook.yaml'), JSON.stringify(delivering));
    const mirror = { connection: { env: 'D365' }, target: { sqlite: './crm.sqlite' }, tables: { case: {} } };
    await writeFile(join(folder, 'mirror.yaml'), JSON.stringify(mirror));
  });
  beforeEach(() => {
    proxy.tunnels.length = 0;
  });
  after(async () => {
    await proxy.close();
    await rm(folder, { recursive: true });
  });

  /** Runs a command until the proxy was asked for these hosts; returns its output and its connections. */
  async function reach(
    line: string,
    hosts: readonly string[],
    {
      env = {},
      stdin = [],
    }: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: readonly object[] },
  ) {
    const recorded = join(folder, `connections-${crypto.randomUUID()}`);
    const { command, args } = await cliCommand(line.split(' '));
    const child = spawn(command, ['--import', recorder, ...args], {
      cwd: folder,
      env: {
        PATH: '',
        ...cliEnvironment(folder),
        D365_CONNECTIONS: recorded,
        HTTPS_PROXY: `http://svc:secret@127.0.0.1:${proxy.port}`,
        NODE_EXTRA_CA_CERTS: join(folder, 'root.pem'),
        D365_ORG_URL: `https://${org}`,
        D365_TENANT: id,
        D365_CLIENT_ID: id,
        D365_CLIENT_SECRET: 'client secret',
        ...env,
      },
    });
    for (const message of stdin) child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => (output += String(chunk)));
    const ended = once(child, 'close');
    const isReached = () => hosts.every((host) => proxy.tunnels.includes(`CONNECT ${host}:443`));
    while (!isReached() && child.exitCode === null)
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 50))]);
    child.kill('SIGKILL');
    await ended;
    const connections = existsSync(recorded) ? readFileSync(recorded, 'utf8').trim().split('\n') : [];
    return { reached: isReached(), output, connections: [...new Set(connections)] };
  }

  type Run = readonly [line: string, hosts: readonly string[], more?: Parameters<typeof reach>[2]];
  const hosts: Readonly<Record<string, Run>> = {
    'a run': ['list account.list --json', [signIn, org]],
    'the worker': ['worker --config worker.yaml', [signIn, org]],
    'deliveries of the worker': [
      'worker --config webhook.yaml --file webhook.sqlite',
      [signIn, org, receiver],
      { env: { HOOK_SECRET: `whsec_${Buffer.alloc(32, 'hook').toString('base64')}` } },
    ],
    'MCP over stdio': ['mcp', [signIn, org], { stdin: mcpMessages }],
    // Not the worker's file: a killed worker holds its lease for 30 s.
    'the service with subscriptions': [
      'serve --port 0 --config worker.yaml --file service.sqlite',
      [signIn, org],
    ],
    'a mirror': ['mirror --once --config mirror.yaml', [signIn, org]],
    'MCP over HTTP with OAuth': [
      `mcp --http 0 --issuer https://${signIn}/${id}/v2.0 --audience api://x`,
      [signIn],
    ],
    'the keys of the vault in Key Vault': [
      'connections',
      [signIn, keyVault],
      {
        env: {
          D365_VAULT_KEYS_FROM: `https://${keyVault}/secrets/d365`,
          AZURE_TENANT_ID: id,
          AZURE_CLIENT_ID: id,
          AZURE_CLIENT_SECRET: 'x',
        },
      },
    ],
  };
  for (const [name, [line, expected, more = {}]] of Object.entries(hosts)) {
    it(`${name}: ${expected.join(', ')}`, async () => {
      const { reached, output, connections } = await reach(line, expected, more);
      expect(reached, output).to.equal(true);
      expect(connections).to.deep.equal([`127.0.0.1:${proxy.port}`]);
    });
  }
});
