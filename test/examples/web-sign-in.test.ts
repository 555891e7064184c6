import { once } from 'node:events';
import type { Server } from 'node:http';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createSignInPages } from '../../examples/web-sign-in.ts';
import { runtimeOf } from '../../src/client/connector.ts';
import { loadConnector, openVault, Secret } from '../../src/index.ts';
import { createMemoryKeys } from '../auth/support/memory-keys.ts';
import { findFreePort } from '../support/free-port.ts';

describe('examples/web-sign-in.ts', () => {
  let sandbox: Sandbox;
  let pages: Server;
  let origin: string;
  let check: () => Promise<unknown>;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    const { authority, organization } = sandbox;
    const connector = await loadConnector();
    const vault = await openVault({ store: runtimeOf(connector).services.store, keys: createMemoryKeys() });
    const app = { clientId: sandbox.app.clientId, clientSecret: new Secret(sandbox.app.clientSecret!) };
    const options = { allowLoopback: true, localAuthority: authority.url };
    const port = await findFreePort();
    origin = `http://127.0.0.1:${port}`;
    const orgUrl = organization.origin;
    pages = createSignInPages(connector, { app, vault, orgUrl, origin, options }).listen(port, '127.0.0.1');
    await once(pages, 'listening');
    const user = { kind: 'user', app, vault, connection: 'contoso' } as const;
    check = () => connector.connect({ orgUrl }, user, options).check();
  });
  after(async () => {
    pages.close();
    await sandbox.close();
  });

  async function begin(): Promise<{ readonly callback: string; readonly cookie: string }> {
    const started = await fetch(`${origin}/connect`, { redirect: 'manual' });
    const cookie = started.headers.get('set-cookie')!.split(';')[0]!;
    return { callback: await sandbox.signInAutomatically(started.headers.get('location')!), cookie };
  }

  it('signs a user in, and the connection works', async () => {
    const { callback, cookie } = await begin();
    const finished = await fetch(callback, { headers: { cookie } });
    expect(await finished.text()).to.equal(`Connected as ${sandbox.user.name}.`);
    expect(await check()).to.have.property('organizationId');
  });

  it('rejects a callback from another browser session, and a second callback', async () => {
    const { callback, cookie } = await begin();
    const elsewhere = await fetch(callback, { headers: { cookie: 'sid=other-session' } });
    expect([elsewhere.status, await elsewhere.text()]).to.deep.include(400);
    const again = await fetch(callback, { headers: { cookie } });
    expect(await again.text()).to.contain('There is no sign-in for this state');
  });
});
