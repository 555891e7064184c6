import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createAuthority } from '../../../test/support/certificate.ts';
import { startTestProxy, type TestProxy } from '../../../test/support/test-proxy.ts';
import { deploy, type NodeRedProcess, prepareUserFolder, startNodeRed } from './node-red-process.ts';

const id = '11111111-1111-4111-8111-111111111111';
const org = 'contoso.crm4.dynamics.com';
const signIn = 'login.microsoftonline.com';
const answer =
  (body: unknown): RequestListener =>
  (_, response) =>
    void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

describe('Node-RED behind a proxy', () => {
  let folder: string;
  let proxy: TestProxy;
  let red: NodeRedProcess;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-proxy-'));
    const authority = createAuthority('Test Root');
    writeFileSync(join(folder, 'root.pem'), authority.certificate);
    proxy = await startTestProxy({
      authority,
      login: 'svc:secret',
      hosts: {
        [org]: answer({ incidentid: id, title: 'Printer' }),
        [signIn]: answer({ token_type: 'Bearer', access_token: 'token', expires_in: 3600 }),
      },
    });
    prepareUserFolder(folder, { authority: { url: `https://${signIn}` } });
    writeFileSync(
      join(folder, 'settings.js'),
      `${readFileSync(join(folder, 'settings.js'), 'utf8')}\nmodule.exports.dynamics365 = {};`,
    );
    const recorder = new URL('../../../test/support/record-connections.ts', import.meta.url).href;
    red = await startNodeRed(folder, {
      NODE_OPTIONS: `--import ${recorder}`,
      D365_CONNECTIONS: join(folder, 'connections'),
      HTTPS_PROXY: `http://svc:secret@127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: join(folder, 'root.pem'),
    });
  });
  after(async () => {
    await red?.stop();
    await proxy.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('signs in and runs an action through the proxy, and connects to nothing else', async () => {
    const settings = { orgUrl: `https://${org}`, tenant: id, clientId: id, signIn: 'secret' };
    const action = { type: 'dynamics365-action', connection: 'contoso', action: 'case.get' };
    await deploy(red, [
      { id: 'tab', type: 'tab', label: 'Cases' },
      {
        ...{ id: 'contoso', type: 'dynamics365-connection', name: '', ...settings },
        credentials: { clientSecret: 'x' },
      },
      { id: 'get', z: 'tab', type: 'http in', url: '/case', method: 'get', wires: [['run']] },
      {
        ...{ id: 'run', z: 'tab', ...action, usePayload: false, wires: [['title']] },
        values: { id: { type: 'str', value: id } },
      },
      {
        ...{ id: 'title', z: 'tab', type: 'change', wires: [['answer']] },
        rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'payload.title', tot: 'msg' }],
      },
      { id: 'answer', z: 'tab', type: 'http response', wires: [] },
    ]);
    expect(await (await fetch(`${red.url}case`)).text()).to.equal('Printer');
    expect(new Set(proxy.tunnels)).to.deep.equal(new Set([`CONNECT ${signIn}:443`, `CONNECT ${org}:443`]));
    const connections = readFileSync(join(folder, 'connections'), 'utf8').trim().split('\n');
    expect([...new Set(connections)]).to.deep.equal([`127.0.0.1:${proxy.port}`]);
  });
});
