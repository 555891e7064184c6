import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { runtimeOf } from '../../src/client/connector.ts';
import { loadConnector, openVault, Secret } from '../../src/index.ts';
import { createMemoryKeys } from '../auth/support/memory-keys.ts';

describe('the organizations of a signed-in user', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await createSandbox({
      organizations: [
        { name: 'contoso', data: 'empty' },
        { name: 'fabrikam', data: 'empty' },
      ],
      detectRefreshTokenReuse: true,
    });
  });
  after(() => sandbox.close());

  it('lists organizations before and after connecting with one sign-in, also with refresh token rotation', async () => {
    const { app, authority, discovery, organizations, signInAutomatically } = sandbox;
    const connector = await loadConnector();
    const vault = await openVault({ store: runtimeOf(connector).services.store, keys: createMemoryKeys() });
    const user = {
      kind: 'user',
      app: { clientId: app.clientId, clientSecret: new Secret(app.clientSecret!) },
      vault,
      connection: 'me',
    } as const;
    const options = {
      allowLoopback: true,
      localAuthority: authority.url,
      localDiscovery: discovery.url,
    };
    const session = connector.signIn({}, user, options);
    const { url } = await session.start({ redirectUri: 'http://localhost/callback' });
    await session.finish(await signInAutomatically(url));
    for (let time = 0; time < 3; time += 1) {
      const found = await connector.organizations({}, user, options);
      expect(found.map(({ uniqueName }) => uniqueName)).to.have.members(['contoso', 'fabrikam']);
      for (const { url: orgUrl, id } of found) {
        const { organizationId } = await connector.connect({ orgUrl }, user, options).check();
        expect(organizationId).to.equal(id);
      }
    }
    expect(organizations).to.have.length(2);
  });
});
