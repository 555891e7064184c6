import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import type { App } from '../../../src/auth/app.ts';
import { createSignIn } from '../../../src/auth/authorization-code.ts';
import { checkConnection } from '../../../src/auth/check.ts';
import { signInWithDevice } from '../../../src/auth/device-code.ts';
import { listOrganisations } from '../../../src/auth/discovery.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { createOAuth } from '../../../src/auth/oauth.ts';
import { keepTokens } from '../../../src/auth/stored-tokens.ts';
import { findAuthority } from '../../../src/auth/tenant.ts';
import { type Credential, createTokenSource } from '../../../src/auth/token-source.ts';
import { openVault } from '../../../src/auth/vault.ts';
import { createExchange } from '../../../src/http/create-exchange.ts';
import { Secret } from '../../../src/model/secret.ts';
import { createNodeWorld } from '../../../src/node/world.ts';
import { lonelyLimiter } from '../../support/limiter.ts';
import { createCertificate } from '../support/certificate.ts';
import { errorOf } from '../support/expect-error.ts';
import { memoryKeys } from '../support/memory-keys.ts';

const redirectUri = 'http://localhost:5555/callback';

describe('signing in to the sandbox', () => {
  const world = createNodeWorld();
  const keyPair = createCertificate();
  let sandbox: Sandbox;
  let app: App;
  before(async () => {
    sandbox = await createSandbox({
      organisations: [
        { name: 'contoso', data: 'empty' },
        { name: 'fabrikam', data: 'empty' },
      ],
      apps: [
        { name: 'app', secrets: ['a-secret~of-the-app'], organisations: ['contoso'] },
        { name: 'public' },
        { name: 'certificate', certificates: [keyPair.certificate] },
      ],
      users: [
        { name: 'rosa@contoso.example' },
        { name: 'guest@contoso.example', organisations: ['fabrikam'] },
      ],
    });
    app = { clientId: sandbox.app.clientId, secret: new Secret(sandbox.app.clientSecret!) };
  });
  after(() => sandbox.close());

  const environmentOf = (index = 0) =>
    parseEnvironment(sandbox.organisations[index]!.origin, { allowLoopback: true });
  const authorityOf = (index = 0, tenant?: string) =>
    findAuthority({
      environment: environmentOf(index),
      localAuthority: sandbox.authority.url,
      send: world.send,
      clock: world.clock,
      ...(tenant === undefined ? {} : { tenant }),
    });
  const userScopes = (index = 0) => [
    'openid',
    'profile',
    'offline_access',
    `${sandbox.organisations[index]!.origin}/user_impersonation`,
  ];

  /** The whole way: a token of the credential, and WhoAmI with it. */
  function check(credential: Credential, options: { index?: number; scopes?: readonly string[] } = {}) {
    const { index = 0 } = options;
    const { origin } = environmentOf(index);
    const tokens = createTokenSource(credential, {
      authority: () => authorityOf(index),
      scopes: options.scopes ?? [`${origin}/.default`],
      world,
    });
    const basePath = '/api/data/v9.2';
    const exchange = createExchange({
      world,
      origin,
      basePath,
      tokens,
      findLimiter: async () => lonelyLimiter(world.clock),
      retry: { attempts: 2, budgetMs: 5000 },
      timeoutMs: 5000,
      rules: [],
    });
    return checkConnection({
      environment: environmentOf(index),
      tokens,
      whoAmI: () =>
        exchange({
          operation: 'check',
          method: 'GET',
          url: `${origin}${basePath}/WhoAmI`,
          headers: {},
          safety: 'repeatable',
          requestId: world.uuid(),
        }),
    });
  }

  async function signIn(
    as: App,
    { user = sandbox.user, index = 0, tenant = undefined as string | undefined } = {},
  ) {
    const authority = await authorityOf(index, tenant);
    const oauth = createOAuth({ authority, app: as, send: world.send, clock: world.clock });
    const flow = createSignIn({ oauth, scopes: userScopes(index), store: world.store, clock: world.clock });
    const { url } = await flow.start({ redirectUri });
    const tokens = await flow.finish(await sandbox.signInAutomatically(url, user));
    return { oauth, tokens };
  }

  async function asUser(as: App, options: Parameters<typeof signIn>[1] = {}): Promise<Credential> {
    const vault = await openVault({ store: world.store, keys: memoryKeys() });
    const connection = world.uuid();
    await keepTokens(vault, connection, (await signIn(as, options)).tokens);
    return { kind: 'user', app: as, vault, connection };
  }

  it('finds the tenant from the organisation’s 401, and from a domain', async () => {
    expect((await authorityOf()).tenant).to.equal(sandbox.authority.tenantId);
    expect((await authorityOf(0, sandbox.authority.domain)).tenant).to.equal(sandbox.authority.tenantId);
    await errorOf(authorityOf(0, 'nobody.example'), 'CONNECTION_INVALID');
  });

  it('works by authorization code, confidential and public, and the account is known', async () => {
    for (const as of [app, { clientId: sandbox.apps[1]!.clientId }]) {
      const credential = await asUser(as);
      expect((await check(credential, { scopes: userScopes() })).userId).to.match(/^[0-9a-f-]{36}$/);
    }
    const { tokens } = await signIn(app);
    expect(tokens.account).to.include({
      userName: 'rosa@contoso.example',
      tenantId: sandbox.authority.tenantId,
    });
  });

  it('works under `organizations`, with the tenant of the id token', async () => {
    const oauth = createOAuth({
      authority: { ...(await authorityOf()), tenant: 'organizations' },
      app,
      send: world.send,
      clock: world.clock,
    });
    const flow = createSignIn({ oauth, scopes: userScopes(), store: world.store, clock: world.clock });
    const { url } = await flow.start({ redirectUri });
    const tokens = await flow.finish(await sandbox.signInAutomatically(url));
    expect(tokens.account?.tenantId).to.equal(sandbox.authority.tenantId);
  });

  it('refreshes, and one refresh token is good for discovery and for another organisation', async () => {
    const { oauth, tokens } = await signIn(app);
    const renewed = await oauth.refresh(tokens.refresh!, userScopes());
    expect(renewed.access.secret.reveal()).not.to.equal(tokens.access.secret.reveal());
    const forDiscovery = await oauth.refresh(tokens.refresh!, [
      'offline_access',
      `${sandbox.discovery.url}/user_impersonation`,
    ]);
    const found = await listOrganisations({
      discovery: sandbox.discovery.url,
      token: forDiscovery.access,
      send: world.send,
      clock: world.clock,
      allowLoopback: true,
    });
    expect(found.map(({ url }) => url)).to.have.members(sandbox.organisations.map(({ origin }) => origin));
  });

  it('works with client credentials: secret and certificate', async () => {
    expect(await check({ kind: 'app', app })).to.have.property('organizationId');
    const certificate = { certificate: keyPair.certificate, privateKey: new Secret(keyPair.privateKey) };
    const withCertificate = { clientId: sandbox.apps[2]!.clientId, certificate };
    expect(await check({ kind: 'app', app: withCertificate })).to.have.property('organizationId');
  });

  it('refuses a certificate that is not registered', async () => {
    const other = createCertificate();
    const certificate = { certificate: other.certificate, privateKey: new Secret(other.privateKey) };
    const stranger = { clientId: sandbox.apps[2]!.clientId, certificate };
    await errorOf(check({ kind: 'app', app: stranger }), 'APP_REGISTRATION_INVALID');
  });

  it('works with a device code', async () => {
    const oauth = createOAuth({
      authority: await authorityOf(),
      app: { clientId: sandbox.apps[1]!.clientId },
      send: world.send,
      // The pace of a person is no pace for a test.
      clock: { ...world.clock, sleep: (ms, signal) => world.clock.sleep(Math.min(ms, 20_000) / 100, signal) },
    });
    const tokens = await signInWithDevice({
      oauth,
      scopes: userScopes(),
      clock: { ...world.clock, sleep: (ms, signal) => world.clock.sleep(ms / 100, signal) },
      onPrompt: (prompt) => sandbox.approveDevice(prompt),
    });
    expect(tokens.refresh).to.be.instanceOf(Secret);
  });

  it('works with a token that the host brings', async () => {
    expect(await check({ kind: 'host', bring: () => ({ token: sandbox.tokenFor() }) })).to.have.property(
      'userId',
    );
  });

  it('tells apart: missing application user, foreign user, foreign token', async () => {
    const missing = await errorOf(check({ kind: 'app', app }, { index: 1 }), 'USER_NOT_IN_ORG');
    expect(missing.message).to.contain('has no application user');
    const guest = await asUser(app, { user: sandbox.users[1]! });
    const foreign = await errorOf(check(guest, { scopes: userScopes() }), 'USER_NOT_IN_ORG');
    expect(foreign.message).to.contain('guest@contoso.example is not a member');
    const token = sandbox.tokenFor(sandbox.user, sandbox.organisations[1]!);
    await errorOf(check({ kind: 'host', bring: () => ({ token }) }), 'ORG_MISMATCH');
  });

  it('tells apart: unknown app, wrong secret, wrong redirect URI, wrong organisation', async () => {
    const unknown = { clientId: world.uuid(), secret: app.secret! };
    expect(
      (await errorOf(check({ kind: 'app', app: unknown }), 'APP_REGISTRATION_INVALID')).message,
    ).to.contain('client id');
    const wrong = { clientId: app.clientId, secret: new Secret('wrong~secret') };
    const error = await errorOf(check({ kind: 'app', app: wrong }), 'APP_REGISTRATION_INVALID');
    expect(error.message).to.contain('The client secret is wrong.');
    expect(JSON.stringify(error)).not.to.contain('wrong~secret');
    const elsewhere = ['https://nowhere.crm.dynamics.com/.default'];
    await errorOf(check({ kind: 'app', app }, { scopes: elsewhere }), 'ORG_MISMATCH');
  });

  it('says that the secret has expired, and works again with a new one', async () => {
    const secret = `another~${world.uuid()}`;
    sandbox.authority.expireSecrets(sandbox.app);
    await errorOf(check({ kind: 'app', app }), 'SECRET_EXPIRED');
    sandbox.authority.addSecret(sandbox.app, secret);
    app = { clientId: app.clientId, secret: new Secret(secret) };
    expect(await check({ kind: 'app', app })).to.have.property('userId');
  });

  it('says that a sign-in was revoked or has expired, or wants more of the user', async () => {
    const now = world.clock.now();
    for (const end of [
      () => sandbox.authority.revokeRefreshTokens(),
      () => sandbox.authority.expireRefreshTokens(),
      () => sandbox.authority.refuseTokens(50076, 'interaction_required', 'MFA is needed.'),
    ]) {
      const credential = await asUser(app);
      const tokens = createTokenSource(credential, {
        authority: () => authorityOf(),
        scopes: userScopes(),
        world: { ...world, clock: { ...world.clock, now: () => now + 7200_000 } },
      });
      end();
      await errorOf(tokens.get(), 'RECONNECT_NEEDED');
    }
  });
});
