import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { getAuthority } from '../../src/auth/authority.ts';
import { createTokenSource } from '../../src/auth/create-token-source.ts';
import type { ResolvedCredential } from '../../src/auth/resolved-credential.ts';
import { saveTokens } from '../../src/auth/stored-token-source.ts';
import { openVault } from '../../src/auth/vault.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { errorOf } from './support/expect-error.ts';
import { createAuthFixture, environment, redirectUri } from './support/fixture.ts';
import { createMemoryKeys } from './support/memory-keys.ts';
import { scopes, tenantId } from './support/scripted-authority.ts';

describe('createTokenSource', () => {
  async function open(
    credentialOf: (
      fixture: ReturnType<typeof createAuthFixture>,
    ) => ResolvedCredential | Promise<ResolvedCredential>,
  ) {
    const fixture = createAuthFixture();
    const lookup = { count: 0, fail: false };
    const source = createTokenSource(await credentialOf(fixture), {
      async authority() {
        lookup.count += 1;
        if (lookup.fail) throw new ConnectorError('NETWORK', 'The organization could not be reached.');
        return getAuthority(environment, tenantId);
      },
      scopes,
      services: { send: fixture.authority.send, clock: fixture.clock, uuid: randomUUID },
    });
    fixture.authority.forms.length = 0;
    return { ...fixture, lookup, source };
  }

  it('sends nothing before the first token, and looks up the authority once', async () => {
    const { authority, lookup, source } = await open(({ app }) => ({ kind: 'app', app }));
    expect([lookup.count, authority.requests.length]).to.deep.equal([0, 0]);
    await Promise.all([source.getToken(), source.getToken()]);
    await source.getToken();
    expect([lookup.count, authority.requests.length]).to.deep.equal([1, 1]);
  });

  it('looks up the authority again after a failure', async () => {
    const { lookup, source } = await open(({ app }) => ({ kind: 'app', app }));
    lookup.fail = true;
    await errorOf(source.getToken(), 'NETWORK');
    lookup.fail = false;
    expect((await source.getToken()).token.reveal()).to.match(/^eyJ/);
  });

  it('returns the token of a signed-in user from the vault', async () => {
    const { authority, source } = await open(async (fixture) => {
      const vault = await openVault({ store: fixture.store, keys: createMemoryKeys() });
      const { url } = await fixture.signIn.start({ redirectUri });
      await saveTokens(vault, 'contoso', await fixture.signIn.finish(fixture.authority.signIn(url)));
      return { kind: 'user', app: fixture.app, vault, connection: 'contoso' };
    });
    expect((await source.getToken()).token.reveal()).to.match(/^eyJ/);
    expect(authority.forms).to.deep.equal([]);
  });

  it('returns the token of the host without looking up the authority', async () => {
    const { lookup, source } = await open(() => ({
      kind: 'host',
      getToken: () => ({ token: 'host-token' }),
    }));
    expect((await source.getToken()).token.reveal()).to.equal('host-token');
    expect(lookup.count).to.equal(0);
  });
});
