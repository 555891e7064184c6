import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createAuthorizationCodeSignIn } from '../../../src/auth/authorization-code.ts';
import { checkConnection } from '../../../src/auth/check-connection.ts';
import type { ResolvedApplication } from '../../../src/auth/client-application.ts';
import { createOAuthClient } from '../../../src/auth/create-oauth-client.ts';
import { createTokenSource } from '../../../src/auth/create-token-source.ts';
import { signInWithDeviceCode } from '../../../src/auth/device-code.ts';
import { parseEnvironment } from '../../../src/auth/environment.ts';
import { findAuthority } from '../../../src/auth/find-authority.ts';
import { listOrganizations } from '../../../src/auth/organization-discovery.ts';
import type { ResolvedCredential } from '../../../src/auth/resolved-credential.ts';
import { saveTokens } from '../../../src/auth/stored-token-source.ts';
import { openVault } from '../../../src/auth/vault.ts';
import { createPipeline } from '../../../src/http/create-pipeline.ts';
import { Secret } from '../../../src/model/secret.ts';
import { createNodeServices } from '../../../src/node/services.ts';
import { createCertificate } from '../../support/certificate.ts';
import { createLocalLimiter } from '../../support/limiter.ts';
import { errorOf } from '../support/expect-error.ts';
import { createMemoryKeys } from '../support/memory-keys.ts';

const redirectUri = 'http://localhost:5555/callback';

describe('sign-in to the sandbox', () => {
  const services = createNodeServices();
  const keyPair = createCertificate();
  let sandbox: Sandbox;
  let app: ResolvedApplication;
  before(async () => {
    sandbox = await createSandbox({
      organizations: [
        { name: 'contoso', data: 'empty' },
        { name: 'fabrikam', data: 'empty' },
      ],
      apps: [
        { name: 'app', secrets: ['a-secret~of-the-app'], organizations: ['contoso'] },
        { name: 'public' },
        { name: 'certificate', certificates: [keyPair.certificate] },
      ],
      users: [
        { name: 'rosa@contoso.example' },
        { name: 'guest@contoso.example', organizations: ['fabrikam'] },
      ],
    });
    app = { clientId: sandbox.app.clientId, clientSecret: new Secret(sandbox.app.clientSecret!) };
  });
  after(() => sandbox.close());

  const environmentOf = (index = 0) =>
    parseEnvironment(sandbox.organizations[index]!.origin, { allowLoopback: true });
  const authorityOf = (index = 0, tenant?: string) =>
    findAuthority({
      environment: environmentOf(index),
      localAuthority: sandbox.authority.url,
      send: services.send,
      clock: services.clock,
      tenant,
    });
  const userScopes = (index = 0) => [
    'openid',
    'profile',
    'offline_access',
    `${sandbox.organizations[index]!.origin}/user_impersonation`,
  ];

  /** Gets a token of the credential, and sends WhoAmI with it. */
  function check(
    credential: ResolvedCredential,
    options: { index?: number; scopes?: readonly string[] } = {},
  ) {
    const { index = 0 } = options;
    const { origin } = environmentOf(index);
    const tokens = createTokenSource(credential, {
      authority: () => authorityOf(index),
      scopes: options.scopes ?? [`${origin}/.default`],
      services,
    });
    const basePath = '/api/data/v9.2';
    const pipeline = createPipeline({
      services,
      origin,
      basePath,
      tokens,
      findLimiter: async () => createLocalLimiter(services.clock),
      retry: { maxAttempts: 2, budgetMs: 120_000 },
      timeoutMs: 120_000,
      errorRules: [],
    });
    return checkConnection({
      environment: environmentOf(index),
      tokens,
      whoAmI: () =>
        pipeline({
          operation: 'check',
          method: 'GET',
          url: `${origin}${basePath}/WhoAmI`,
          headers: {},
          safety: 'repeatable',
          requestId: services.uuid(),
        }),
    });
  }

  async function signIn(
    signInApp: ResolvedApplication,
    { user = sandbox.user, index = 0, tenant = undefined as string | undefined } = {},
  ) {
    const authority = await authorityOf(index, tenant);
    const oauth = createOAuthClient({
      authority,
      app: signInApp,
      send: services.send,
      clock: services.clock,
    });
    const flow = createAuthorizationCodeSignIn({
      oauth,
      scopes: userScopes(index),
      store: services.store,
      clock: services.clock,
    });
    const { url } = await flow.start({ redirectUri });
    const tokens = await flow.finish(await sandbox.signInAutomatically(url, user));
    return { oauth, tokens };
  }

  async function createUserCredential(
    signInApp: ResolvedApplication,
    options: Parameters<typeof signIn>[1] = {},
  ): Promise<ResolvedCredential> {
    const vault = await openVault({ store: services.store, keys: createMemoryKeys() });
    const connection = services.uuid();
    await saveTokens(vault, connection, (await signIn(signInApp, options)).tokens);
    return { kind: 'user', app: signInApp, vault, connection };
  }

  it('finds the tenant by the organization’s 401 and by a domain', async () => {
    expect((await authorityOf()).tenant).to.equal(sandbox.authority.tenantId);
    expect((await authorityOf(0, sandbox.authority.domain)).tenant).to.equal(sandbox.authority.tenantId);
    await errorOf(authorityOf(0, 'nobody.example'), 'CONNECTION_INVALID');
  });

  it('signs in by authorization code as confidential and as public client, and returns the account', async () => {
    for (const signInApp of [app, { clientId: sandbox.apps[1]!.clientId }]) {
      const credential = await createUserCredential(signInApp);
      expect((await check(credential, { scopes: userScopes() })).userId).to.match(/^[0-9a-f-]{36}$/);
    }
    const { tokens } = await signIn(app);
    expect(tokens.account).to.include({
      userName: 'rosa@contoso.example',
      tenantId: sandbox.authority.tenantId,
    });
  });

  it('signs in with `organizations`, with the tenant of the id token', async () => {
    const oauth = createOAuthClient({
      authority: { ...(await authorityOf()), tenant: 'organizations' },
      app,
      send: services.send,
      clock: services.clock,
    });
    const flow = createAuthorizationCodeSignIn({
      oauth,
      scopes: userScopes(),
      store: services.store,
      clock: services.clock,
    });
    const { url } = await flow.start({ redirectUri });
    const tokens = await flow.finish(await sandbox.signInAutomatically(url));
    expect(tokens.account?.tenantId).to.equal(sandbox.authority.tenantId);
  });

  it('uses one refresh token for the organization and for the discovery service', async () => {
    const { oauth, tokens } = await signIn(app);
    const renewed = await oauth.refreshTokens(tokens.refreshToken!, userScopes());
    expect(renewed.accessToken.token.reveal()).not.to.equal(tokens.accessToken.token.reveal());
    const forDiscovery = await oauth.refreshTokens(tokens.refreshToken!, [
      'offline_access',
      `${sandbox.discovery.url}/user_impersonation`,
    ]);
    const found = await listOrganizations({
      discovery: sandbox.discovery.url,
      token: forDiscovery.accessToken,
      send: services.send,
      clock: services.clock,
      allowLoopback: true,
    });
    expect(found.map(({ url }) => url)).to.have.members(sandbox.organizations.map(({ origin }) => origin));
  });

  it('signs in with client credentials, by secret and by certificate', async () => {
    expect(await check({ kind: 'app', app })).to.have.property('organizationId');
    const certificate = { certificate: keyPair.certificate, privateKey: new Secret(keyPair.privateKey) };
    const withCertificate = { clientId: sandbox.apps[2]!.clientId, certificate };
    expect(await check({ kind: 'app', app: withCertificate })).to.have.property('organizationId');
  });

  it('rejects a certificate that is not registered', async () => {
    const other = createCertificate();
    const certificate = { certificate: other.certificate, privateKey: new Secret(other.privateKey) };
    const unregistered = { clientId: sandbox.apps[2]!.clientId, certificate };
    await errorOf(check({ kind: 'app', app: unregistered }), 'APP_REGISTRATION_INVALID');
  });

  it('signs in with a device code', async () => {
    const oauth = createOAuthClient({
      authority: await authorityOf(),
      app: { clientId: sandbox.apps[1]!.clientId },
      send: services.send,
      // Shorter waits for the test.
      clock: {
        ...services.clock,
        sleep: (ms, signal) => services.clock.sleep(Math.min(ms, 20_000) / 100, signal),
      },
    });
    const tokens = await signInWithDeviceCode({
      oauth,
      scopes: userScopes(),
      clock: { ...services.clock, sleep: (ms, signal) => services.clock.sleep(ms / 100, signal) },
      onPrompt: (prompt) => sandbox.approveDevice(prompt),
    });
    expect(tokens.refreshToken).to.be.instanceOf(Secret);
  });

  it('connects with a token of the host', async () => {
    expect(await check({ kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) })).to.have.property(
      'userId',
    );
  });

  it('explains a missing application user, a missing user, and a token for another organization', async () => {
    const missing = await errorOf(check({ kind: 'app', app }, { index: 1 }), 'USER_NOT_IN_ORG');
    expect(missing.message).to.contain('has no application user');
    const guest = await createUserCredential(app, { user: sandbox.users[1]! });
    const missingUser = await errorOf(check(guest, { scopes: userScopes() }), 'USER_NOT_IN_ORG');
    expect(missingUser.message).to.contain('guest@contoso.example is not a member');
    const token = sandbox.issueToken(sandbox.user, sandbox.organizations[1]!);
    await errorOf(check({ kind: 'host', getToken: () => ({ token }) }), 'ORG_MISMATCH');
  });

  it('explains an unknown app, a wrong secret and a wrong organization', async () => {
    const unknown = { clientId: services.uuid(), clientSecret: app.clientSecret! };
    expect(
      (await errorOf(check({ kind: 'app', app: unknown }), 'APP_REGISTRATION_INVALID')).message,
    ).to.contain('client id');
    const wrong = { clientId: app.clientId, clientSecret: new Secret('wrong~secret') };
    const error = await errorOf(check({ kind: 'app', app: wrong }), 'APP_REGISTRATION_INVALID');
    expect(error.message).to.contain('The client secret is wrong.');
    expect(JSON.stringify(error)).not.to.contain('wrong~secret');
    const unknownOrganization = ['https://nowhere.crm.dynamics.com/.default'];
    await errorOf(check({ kind: 'app', app }, { scopes: unknownOrganization }), 'ORG_MISMATCH');
  });

  it('throws SECRET_EXPIRED, and connects again with a new secret', async () => {
    const secret = `another~${services.uuid()}`;
    sandbox.authority.expireSecrets(sandbox.app);
    await errorOf(check({ kind: 'app', app }), 'SECRET_EXPIRED');
    sandbox.authority.addSecret(sandbox.app, secret);
    app = { clientId: app.clientId, clientSecret: new Secret(secret) };
    expect(await check({ kind: 'app', app })).to.have.property('userId');
  });

  it('throws RECONNECT_NEEDED for a revoked or expired sign-in, and when MFA is required', async () => {
    const now = services.clock.now();
    for (const endSignIn of [
      () => sandbox.authority.revokeRefreshTokens(),
      () => sandbox.authority.expireRefreshTokens(),
      () => sandbox.authority.rejectTokenRequests(50076, 'interaction_required', 'MFA is needed.'),
    ]) {
      const credential = await createUserCredential(app);
      const tokens = createTokenSource(credential, {
        authority: () => authorityOf(),
        scopes: userScopes(),
        services: { ...services, clock: { ...services.clock, now: () => now + 7200_000 } },
      });
      endSignIn();
      await errorOf(tokens.getToken(), 'RECONNECT_NEEDED');
    }
  });
});
