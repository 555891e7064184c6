import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { getAuthority } from '../../src/auth/authority.ts';
import { createTokenSource, type ResolvedCredential } from '../../src/auth/create-token-source.ts';
import { saveTokens } from '../../src/auth/stored-token-source.ts';
import { openVault } from '../../src/auth/vault.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { errorOf } from './support/expect-error.ts';
import { createAuthFixture, environment, redirectUri } from './support/fixture.ts';
import { createMemoryKeys } from './support/memory-keys.ts';
import { scopes, tenantId } from './support/scripted-authority.ts';

describe('the token source of a credential', () => {
  async function open(
    credentialOf: (
      fixture: ReturnType<typeof createAuthFixture>,
    ) => ResolvedCredential | Promise<ResolvedCredential>,
  ) {
    const fixture = createAuthFixture();
    const found = { times: 0, fail: false };
    const source = createTokenSource(await credentialOf(fixture), {
      async authority() {
        found.times += 1;
        if (found.fail) throw new ConnectorError('NETWORK', 'The organization could not be reached.');
        return getAuthority(environment, tenantId);
      },
      scopes,
      services: { send: fixture.authority.send, clock: fixture.clock, uuid: randomUUID },
    });
    fixture.authority.forms.length = 0;
    return { ...fixture, found, source };
  }

  it('sends nothing until a token is needed, and finds the authority once', async () => {
    const { authority, found, source } = await open(({ app }) => ({ kind: 'app', app }));
    expect([found.times, authority.requests.length]).to.deep.equal([0, 0]);
    await Promise.all([source.getToken(), source.getToken()]);
    await source.getToken();
    expect([found.times, authority.requests.length]).to.deep.equal([1, 1]);
  });

  it('looks for the authority again after it could not be found', async () => {
    const { found, source } = await open(({ app }) => ({ kind: 'app', app }));
    found.fail = true;
    await errorOf(source.getToken(), 'NETWORK');
    found.fail = false;
    expect((await source.getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('serves a signed-in user from the vault', async () => {
    const { authority, source } = await open(async (fixture) => {
      const vault = await openVault({ store: fixture.store, keys: createMemoryKeys() });
      const { url } = await fixture.signIn.start({ redirectUri });
      await saveTokens(vault, 'contoso', await fixture.signIn.finish(fixture.authority.signIn(url)));
      return { kind: 'user', app: fixture.app, vault, connection: 'contoso' };
    });
    expect((await source.getToken()).token.reveal()).to.match(/^eyJ/);
    expect(authority.forms).to.deep.equal([]);
  });

  it('serves what the host brings, and needs no authority for it', async () => {
    const { found, source } = await open(() => ({ kind: 'host', getToken: () => ({ token: 'brought' }) }));
    expect((await source.getToken()).token.reveal()).to.equal('brought');
    expect(found.times).to.equal(0);
  });
});
