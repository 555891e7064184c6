import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createCertificate } from '../../../test/support/certificate.ts';
import {
  createConnectionNode,
  deploy,
  type NodeRedProcess,
  prepareUserFolder,
  startNodeRed,
} from './node-red-process.ts';

const { certificate, privateKey } = createCertificate();
const writer = { authorization: 'Bearer writer' };

describe('Node-RED sign-in', () => {
  let sandbox: Sandbox;
  let folder: string;
  let red: NodeRedProcess;

  before(async () => {
    sandbox = await createSandbox({
      organizations: [{ name: 'contoso', data: 'empty' }],
      apps: [
        {
          name: 'flows',
          secrets: ['a client secret'],
          certificates: [certificate],
          redirectUris: ['http://127.0.0.1/dynamics365/callback'],
        },
      ],
    });
    folder = mkdtempSync(join(tmpdir(), 'd365-sign-in-'));
    prepareUserFolder(folder, sandbox);
    appendFileSync(
      join(folder, 'settings.js'),
      `module.exports.adminAuth = {
        type: 'credentials',
        users: [],
        default: { permissions: 'read' },
        tokens: async (token) => token === 'writer' && { username: 'writer', permissions: '*' },
      };`,
    );
    red = await startNodeRed(folder);
    await deploy(red, flows(), writer);
  });
  after(async () => {
    await red.stop();
    await sandbox.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** A URL for each connection that responds with the number of cases. */
  const flows = (): JsonObject[] => {
    const base = createConnectionNode(sandbox);
    const { clientSecret } = base.credentials as { clientSecret: string };
    const tokenKey = Buffer.alloc(32, 'key').toString('base64');
    return [
      { id: 'tab', type: 'tab', label: 'Cases' },
      { ...base, id: 'user-connection', signIn: 'user', tenant: '', credentials: { clientSecret, tokenKey } },
      { ...base, id: 'app', signIn: 'certificate', credentials: { certificate: certificate + privateKey } },
      ...['user-connection', 'app'].flatMap((connection): JsonObject[] => [
        {
          id: `at ${connection}`,
          z: 'tab',
          type: 'http in',
          url: `/${connection}`,
          method: 'get',
          wires: [[`run ${connection}`]],
        },
        {
          id: `run ${connection}`,
          z: 'tab',
          type: 'dynamics365-action',
          connection,
          action: 'case.count',
          usePayload: false,
          values: {},
          wires: [['count']],
        },
      ]),
      { id: 'catch', z: 'tab', type: 'catch', scope: null, wires: [['code']] },
      {
        id: 'code',
        z: 'tab',
        type: 'change',
        rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'dynamics365.error', tot: 'msg' }],
        wires: [['response']],
      },
      {
        id: 'count',
        z: 'tab',
        type: 'change',
        rules: [{ t: 'set', p: 'payload', pt: 'msg', to: '{ "count": payload }', tot: 'jsonata' }],
        wires: [['response']],
      },
      { id: 'response', z: 'tab', type: 'http response', wires: [] },
    ];
  };
  const read = async (path: string) => (await (await fetch(red.url + path)).json()) as JsonObject;
  const route = (id = 'user-connection') => `${red.url}dynamics365/connections/${id}/sign-in`;
  const start = (headers: Readonly<Record<string, string>> = writer, id = 'user-connection') =>
    fetch(route(id), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ redirectUri: `${red.url}dynamics365/callback` }),
    });
  /** Signs in at the authority; returns the redirect URL and the cookie of the browser. */
  const signIn = async () => {
    const started = await start();
    const { url } = (await started.json()) as { url: string };
    const [cookie = ''] = (started.headers.get('set-cookie') ?? '').split(';');
    return { callback: await sandbox.signInAutomatically(url), cookie };
  };
  const open = async (url: string, cookie = '') => await (await fetch(url, { headers: { cookie } })).text();

  it('needs the permission to change flows', async () => {
    expect((await start({})).status).to.equal(401);
  });

  it('reports a connection that is not deployed and one without a signed-in user', async () => {
    const response = await start(writer, 'missing');
    expect(response.status).to.equal(400);
    expect(await response.json()).to.include({ code: 'CONNECTION_INVALID' });
    expect(await read('dynamics365/connections/user-connection/sign-in')).to.deep.equal({ account: null });
    expect(await read('user-connection')).to.include({ code: 'RECONNECT_NEEDED' });
  });

  it('completes once, in the browser that started it', async () => {
    const { callback, cookie } = await signIn();
    expect(await open(callback)).to.include('No sign-in was started in this browser');
    expect(await open(callback, cookie)).to.include(`Signed in as ${sandbox.user.name}`);
    expect(await open(callback, cookie)).to.include('No sign-in was started in this browser');
  });

  it('lets flows act as the user, also after a restart', async () => {
    const { account } = await read('dynamics365/connections/user-connection/sign-in');
    expect(account).to.include({ userName: sandbox.user.name });
    expect(await read('user-connection')).to.deep.equal({ count: 0 });
    await red.stop();
    red = await startNodeRed(folder);
    expect(await read('user-connection')).to.deep.equal({ count: 0 });
  });

  it('shows the error of the authority as escaped text', async () => {
    const { callback, cookie } = await signIn();
    const rejected = new URL(callback);
    rejected.searchParams.delete('code');
    rejected.searchParams.set('error', 'access_denied');
    rejected.searchParams.set('error_description', '<img src=x onerror=alert(1)>');
    const page = await open(rejected.href, cookie);
    expect(page).not.to.include('Signed in').and.not.to.include('<img');
  });

  it('is not needed for an app with a certificate', async () => {
    expect(await read('app')).to.deep.equal({ count: 0 });
  });

  it('stores tokens encrypted and deletes them with the connection', async () => {
    const files = [
      'flows.json',
      'flows_cred.json',
      'dynamics365/state.sqlite',
      'dynamics365/state.sqlite-wal',
    ];
    const stored = files.map((name) => readFileSync(join(folder, name), 'latin1')).join();
    expect(stored).not.to.match(/BEGIN PRIVATE KEY|a client secret|eyJ[\w-]{20,}\./);
    await deploy(red, flows().slice(0, 1), writer);
    await deploy(red, flows(), writer);
    expect(await read('dynamics365/connections/user-connection/sign-in')).to.deep.equal({ account: null });
  });
});
