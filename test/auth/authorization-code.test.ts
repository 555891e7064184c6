import { expect } from 'chai';
import { getAuthority } from '../../src/auth/authority.ts';
import { createAuthorizationCodeSignIn } from '../../src/auth/authorization-code.ts';
import { clouds } from '../../src/auth/clouds.ts';
import { createOAuthClient } from '../../src/auth/create-oauth-client.ts';
import { parseEnvironment } from '../../src/auth/environment.ts';
import type { StateStore } from '../../src/model/runtime-services.ts';
import { errorOf } from './support/expect-error.ts';
import { createAuthFixture, redirectUri } from './support/fixture.ts';
import {
  clientId,
  createScriptedAuthority,
  entraError,
  otherTenant,
  scopes,
  tenantId,
} from './support/scripted-authority.ts';

describe('createAuthorizationCodeSignIn', () => {
  it('returns an authorization URL with PKCE, state and nonce, and redeems the code for tokens', async () => {
    const { authority, clock, signIn } = createAuthFixture();
    const { url, state } = await signIn.start({ redirectUri, loginHint: 'adele@contoso.example' });
    const authorizeUrl = new URL(url);
    expect(authorizeUrl.origin + authorizeUrl.pathname).to.equal(
      `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/authorize`,
    );
    expect(Object.fromEntries(authorizeUrl.searchParams)).to.include({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: scopes.join(' '),
      state,
      code_challenge_method: 'S256',
      login_hint: 'adele@contoso.example',
    });
    // 256 bits are 43 characters of base64url.
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(authorizeUrl.searchParams.get(name), name).to.match(/^[\w-]{43}$/);
    }

    const tokens = await signIn.finish(authority.signIn(url));
    expect(tokens.account).to.deep.equal({
      userId: 'object-id',
      tenantId,
      userName: 'adele@contoso.example',
      name: 'Adele Vance',
    });
    expect(tokens.accessToken.expiresAt).to.equal(clock.now() + 3600_000);
    expect(tokens.refreshAt).to.equal(clock.now() + 2880_000);
    expect(tokens.refreshToken?.reveal()).to.match(/^refresh-/);
    expect(authority.forms).to.have.length(1);
    expect(authority.forms[0]).to.include({
      client_secret: 'the-secret-of-the-app',
      redirect_uri: redirectUri,
    });
  });

  it('never uses a state, nonce or verifier twice', async () => {
    const { signIn } = createAuthFixture();
    const urls = await Promise.all(Array.from({ length: 50 }, () => signIn.start({ redirectUri })));
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(new Set(urls.map(({ url }) => new URL(url).searchParams.get(name))).size, name).to.equal(50);
    }
  });

  it('lets another process that shares the store finish a sign-in', async () => {
    const { authority, clock, oauth, signIn, store } = createAuthFixture();
    const { url } = await signIn.start({ redirectUri });
    const other = createAuthorizationCodeSignIn({ oauth, scopes, store, clock });
    expect((await other.finish(authority.signIn(url))).refreshToken).not.to.equal(undefined);
  });

  it('stores nothing that can be read without the state', async () => {
    const { signIn, store } = createAuthFixture();
    const { url, state } = await signIn.start({ redirectUri, session: 'cookie-1' });
    const nonce = new URL(url).searchParams.get('nonce')!;
    const rows = await Promise.all(
      (await store.keys('')).map(async (key) => key + (await store.get(key))!.value),
    );
    expect(rows).to.have.length(1);
    for (const secret of [state, nonce, 'cookie-1', redirectUri]) expect(rows[0]).not.to.contain(secret);
  });

  it('deletes sign-ins that were not finished in time', async () => {
    const { clock, signIn, store } = createAuthFixture();
    await signIn.start({ redirectUri });
    await clock.advance(11 * 60_000);
    await signIn.start({ redirectUri });
    expect(await store.keys('sign-in/')).to.have.length(1);
  });

  for (const redirect of [
    'http://host.example/',
    'javascript:alert(1)',
    'https://host.example/#x',
    'x',
    'https://u@host.example/',
  ]) {
    it(`rejects the redirect URI ${redirect}`, async () => {
      const { signIn } = createAuthFixture();
      await errorOf(signIn.start({ redirectUri: redirect }), 'CONNECTION_INVALID');
    });
  }

  it('accepts an http redirect URI to this machine', async () => {
    const { signIn } = createAuthFixture();
    for (const local of ['http://localhost:4321/', 'http://127.0.0.1:4321/cb', 'http://[::1]:4321/']) {
      expect((await signIn.start({ redirectUri: local })).url).to.contain(encodeURIComponent(local));
    }
  });
});

describe('createAuthorizationCodeSignIn: rejected before a token request', () => {
  async function rejectsCallback(
    change: (callback: URL, fixture: ReturnType<typeof createAuthFixture>) => void | Promise<void>,
  ) {
    const fixture = createAuthFixture();
    const { url } = await fixture.signIn.start({ redirectUri, session: 'session-1' });
    const callback = new URL(fixture.authority.signIn(url));
    await change(callback, fixture);
    const error = await errorOf(
      fixture.signIn.finish(callback.href, { session: 'session-1' }),
      'SIGN_IN_INVALID',
    );
    expect(fixture.authority.requests, 'requests').to.have.length(0);
    return error;
  }

  it('rejects a missing state', () =>
    rejectsCallback((callback) => callback.searchParams.delete('state')).then(({ message }) =>
      expect(message).to.contain('no state'),
    ));
  it('rejects an empty state', () => rejectsCallback((callback) => callback.searchParams.set('state', '')));
  it('rejects an unknown state', () =>
    rejectsCallback((callback) => callback.searchParams.set('state', 'x'.repeat(43))));
  it('rejects the state of a sign-in in another browser session', async () => {
    await rejectsCallback(async (callback, { signIn }) => {
      const { state } = await signIn.start({ redirectUri, session: 'session-of-the-attacker' });
      callback.searchParams.set('state', state);
    });
  });
  it('rejects an expired state', () =>
    rejectsCallback((_, { clock }) => clock.advance(10 * 60_000)).then(({ message }) =>
      expect(message).to.contain('ten minutes'),
    ));
  it('rejects two state parameters', () =>
    rejectsCallback((callback) => callback.searchParams.append('state', 'another')));
  it('rejects two code parameters', () =>
    rejectsCallback((callback) => callback.searchParams.append('code', 'another')));
  it('rejects a redirect to another path', () =>
    rejectsCallback((callback) => {
      callback.pathname = '/elsewhere';
    }));
  it('rejects a redirect to another host', () =>
    rejectsCallback((callback) => {
      callback.host = 'evil.example';
    }));
  it('rejects the issuer of another authority (mix-up attack)', () =>
    rejectsCallback((callback) => callback.searchParams.set('iss', 'https://evil.example/v2.0')));
  it('rejects the issuer of another tenant', () =>
    rejectsCallback((callback) =>
      callback.searchParams.set('iss', `https://login.microsoftonline.com/${otherTenant}/v2.0`),
    ));
  it('rejects an issuer whose host starts with ours', () =>
    rejectsCallback((callback) =>
      callback.searchParams.set('iss', `https://login.microsoftonline.com.evil.io/${tenantId}/v2.0`),
    ));
  it('rejects an id token in the callback URL (downgrade to the implicit flow)', async () => {
    const fixture = createAuthFixture();
    const { url } = await fixture.signIn.start({ redirectUri });
    const callback = new URL(fixture.authority.signIn(url));
    callback.searchParams.set('id_token', 'x.y.z');
    await errorOf(fixture.signIn.finish(callback.href), 'RESPONSE_INVALID');
    expect(fixture.authority.requests).to.have.length(0);
  });
  it('rejects a missing code', () => rejectsCallback((callback) => callback.searchParams.delete('code')));

  it('rejects a state that was already used', async () => {
    const { authority, signIn } = createAuthFixture();
    const { url } = await signIn.start({ redirectUri });
    const callback = authority.signIn(url);
    await signIn.finish(callback);
    await errorOf(signIn.finish(callback), 'SIGN_IN_INVALID');
    expect(authority.forms).to.have.length(1);
  });

  it('accepts only one of ten concurrent callbacks with the same state', async () => {
    const { authority, clock, oauth, signIn, store } = createAuthFixture();
    const { url } = await signIn.start({ redirectUri });
    const callback = authority.signIn(url);
    let reads = 0;
    const allRead = Promise.withResolvers<void>();
    const concurrentStore: StateStore = {
      ...store,
      async get(key) {
        const row = await store.get(key);
        reads += 1;
        if (reads === 10) allRead.resolve();
        await allRead.promise;
        return row;
      },
    };
    const flow = createAuthorizationCodeSignIn({ oauth, scopes, clock, store: concurrentStore });
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => flow.finish(callback)));
    expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(authority.forms).to.have.length(1);
  });

  it('rejects a callback that lost or changed a parameter of the redirect URI', async () => {
    const { authority, signIn } = createAuthFixture();
    for (const change of [
      (callback: URL) => callback.searchParams.set('flow', '2'),
      (callback: URL) => callback.searchParams.delete('flow'),
    ]) {
      const { url } = await signIn.start({ redirectUri: `${redirectUri}?flow=1` });
      const callback = new URL(authority.signIn(url));
      change(callback);
      await errorOf(signIn.finish(callback.href), 'SIGN_IN_INVALID');
    }
    expect(authority.requests).to.have.length(0);
    const { url } = await signIn.start({ redirectUri: `${redirectUri}?flow=1` });
    await signIn.finish(authority.signIn(url));
  });

  it('does not accept a state again after a rejected callback', async () => {
    const { authority, signIn } = createAuthFixture();
    const { url } = await signIn.start({ redirectUri, session: 'session-1' });
    const callback = authority.signIn(url);
    await errorOf(signIn.finish(callback, { session: 'session-2' }), 'SIGN_IN_INVALID');
    await errorOf(signIn.finish(callback, { session: 'session-1' }), 'SIGN_IN_INVALID');
    expect(authority.requests).to.have.length(0);
  });

  it('rejects a sign-in that is finished as another connection', async () => {
    const { authority, clock, oauth, signIn, store } = createAuthFixture();
    const { url } = await signIn.start({ redirectUri });
    const other = createAuthorizationCodeSignIn({
      oauth,
      clock,
      store,
      scopes: ['openid', 'https://other.crm.dynamics.com/.default'],
    });
    await errorOf(other.finish(authority.signIn(url)), 'SIGN_IN_INVALID');
    expect(authority.requests).to.have.length(0);
  });
});

describe('createAuthorizationCodeSignIn: rejected after the token request', () => {
  const invalidClaims: readonly (readonly [name: string, claims: Record<string, unknown>])[] = [
    ['the issuer of another authority', { iss: 'https://evil.example/v2.0' }],
    [
      'the issuer of another tenant',
      { iss: `https://login.microsoftonline.com/${otherTenant}/v2.0`, tid: otherTenant },
    ],
    ['a tenant that is not that of its issuer', { tid: otherTenant }],
    ['another audience', { aud: 'dddddddd-dddd-4ddd-8ddd-dddddddddddd' }],
    ['two audiences', { aud: [clientId, 'another'] }],
    ['another nonce', { nonce: 'another' }],
    ['an expiry in the past', { exp: Math.floor(Date.now() / 1000) - 3600 }],
  ];
  for (const [name, claims] of invalidClaims) {
    it(`rejects an id token with ${name}, without tokens in the error`, async () => {
      const { authority, signIn } = createAuthFixture();
      const { url } = await signIn.start({ redirectUri });
      authority.idClaims = claims;
      const error = await errorOf(signIn.finish(authority.signIn(url)), 'SIGN_IN_INVALID');
      expect(JSON.stringify(error)).not.to.match(/eyJ|refresh-/);
    });
  }

  it('rejects the code of another sign-in by its PKCE challenge', async () => {
    const { authority, signIn } = createAuthFixture();
    const victim = await signIn.start({ redirectUri });
    const attacker = await signIn.start({ redirectUri });
    const stolen = new URL(authority.signIn(attacker.url)).searchParams.get('code')!;
    const callback = new URL(authority.signIn(victim.url));
    callback.searchParams.set('code', stolen);
    await errorOf(signIn.finish(callback.href), 'SIGN_IN_INVALID');
  });

  it('rejects a token response without id token', async () => {
    const { authority, signIn } = createAuthFixture();
    const { url } = await signIn.start({ redirectUri });
    authority.intercept = () => ({
      status: 200,
      body: { token_type: 'Bearer', access_token: 'x', expires_in: 60 },
    });
    await errorOf(signIn.finish(authority.signIn(url)), 'RESPONSE_INVALID');
  });

  it('does not follow a redirect of the token endpoint', async () => {
    const { authority, signIn } = createAuthFixture();
    const { url } = await signIn.start({ redirectUri });
    authority.intercept = () => ({ status: 307, body: '' });
    await errorOf(signIn.finish(authority.signIn(url)), 'RESPONSE_INVALID');
    expect(authority.requests.map((request) => new URL(request.url).host)).to.deep.equal([
      'login.microsoftonline.com',
    ]);
  });

  it('explains an error in the callback URL', async () => {
    const { authority, signIn } = createAuthFixture();
    const { state } = await signIn.start({ redirectUri });
    const { body } = entraError('access_denied', 'AADSTS65004: User declined to consent to access the app.');
    const callback = `${redirectUri}?${new URLSearchParams({ ...(body as Record<string, string>), state })}`;
    const error = await errorOf(signIn.finish(callback), 'CONSENT_REQUIRED');
    expect(error.message).to.contain('declined');
    expect(authority.requests).to.have.length(0);
  });
});

describe('createAuthorizationCodeSignIn without tenant', () => {
  for (const [name, info] of Object.entries(clouds)) {
    it(`checks the issuer of the tenant in the id token (${name})`, async () => {
      const issuer = info.issuers.at(-1)!;
      const authority = createScriptedAuthority(info.authorityOrigin, issuer);
      const { clock, store, app } = createAuthFixture();
      const suffix = info.discoveryOrigin.slice('https://globaldisco.'.length);
      const environment = parseEnvironment(`https://contoso.${suffix}`);
      expect(environment.cloud).to.equal(name);
      const oauth = createOAuthClient({
        authority: getAuthority(environment, 'organizations'),
        app,
        send: authority.send,
        clock,
      });
      const signIn = createAuthorizationCodeSignIn({ oauth, scopes, store, clock });

      const { url } = await signIn.start({ redirectUri });
      expect(url).to.match(new RegExp(`^${info.authorityOrigin}/organizations/`));
      expect((await signIn.finish(authority.signIn(url))).account?.tenantId).to.equal(tenantId);

      const second = await signIn.start({ redirectUri });
      authority.idClaims = { iss: `${issuer}/${otherTenant}/v2.0` };
      await errorOf(signIn.finish(authority.signIn(second.url)), 'SIGN_IN_INVALID');

      const third = await signIn.start({ redirectUri });
      authority.idClaims = { iss: `https://evil.example/${tenantId}/v2.0` };
      await errorOf(signIn.finish(authority.signIn(third.url)), 'SIGN_IN_INVALID');
    });
  }
});
