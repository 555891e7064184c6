import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createAuthority } from '../../../test/support/certificate.ts';
import { startTestProxy, type TestProxy } from '../../../test/support/test-proxy.ts';
import { runCli } from './run-cli.ts';

const id = '11111111-1111-4111-8111-111111111111';
const organizationHost = 'contoso.crm4.dynamics.com';
const signInHost = 'login.microsoftonline.com';

describe('d365 behind a proxy', () => {
  let folder: string;
  let proxy: TestProxy;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'd365-proxy-'));
    const authority = createAuthority('Test Root');
    await writeFile(join(folder, 'root.pem'), authority.certificate);
    const json = (value: unknown) => JSON.stringify(value);
    proxy = await startTestProxy({
      authority,
      login: 'svc:secret',
      hosts: {
        [organizationHost]: (_, response) =>
          void response
            .setHeader('content-type', 'application/json')
            .end(json({ incidentid: id, title: 'Printer' })),
        [signInHost]: (_, response) =>
          void response
            .setHeader('content-type', 'application/json')
            .end(json({ token_type: 'Bearer', access_token: 'token', expires_in: 3600 })),
      },
    });
  });
  after(async () => {
    await proxy.close();
    await rm(folder, { recursive: true });
  });

  const run = (user: string) =>
    runCli(['run', 'case.get', '--set', `id=${id}`, '--json'], {
      folder,
      env: {
        HTTPS_PROXY: `http://${user}@127.0.0.1:${proxy.port}`,
        NODE_EXTRA_CA_CERTS: join(folder, 'root.pem'),
        D365_ORG_URL: `https://${organizationHost}`,
        D365_TENANT: id,
        D365_CLIENT_ID: id,
        D365_CLIENT_SECRET: 'client secret',
      },
    });

  it('signs in and runs an action through the proxy of HTTPS_PROXY', async () => {
    const { exitCode, stdout, stderr } = await run('svc:secret');
    expect(stderr).to.equal('');
    expect([exitCode, JSON.parse(stdout).output?.title ?? stdout]).to.deep.equal([0, 'Printer']);
    expect(proxy.tunnels).to.have.members([`CONNECT ${signInHost}:443`, `CONNECT ${organizationHost}:443`]);
  });

  it('names the proxy, and not the password, when the proxy refuses it', async () => {
    const { exitCode, stdout, stderr } = await run('svc:wrong-password');
    expect(exitCode).to.not.equal(0);
    expect(stdout + stderr).to.contain(`The proxy 127.0.0.1:${proxy.port} refuses the user or the password`);
    expect(stdout + stderr).to.not.match(/wrong-password|c3Zj/);
  });
});
