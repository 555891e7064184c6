import { expect } from 'chai';
import { createCertificate } from '../../../../test/support/certificate.ts';
import { simulateSignIn } from '../../src/authority/simulated-browser.ts';
import { type AuthorityHarness, org, otherOrg, redirect, startAuthorityHarness } from './harness.ts';

describe('authority errors', () => {
  let harness: AuthorityHarness;
  before(async () => {
    harness = await startAuthorityHarness();
  });
  after(() => harness.close());

  const asItself = (more: Record<string, string | undefined> = {}) => ({
    grant_type: 'client_credentials',
    client_id: harness.app.clientId,
    client_secret: 'right-secret',
    scope: `${org}/.default`,
    ...more,
  });

  const unknownId = '11111111-1111-4111-8111-111111111111';
  const cases: readonly [
    title: string,
    code: number,
    error: string,
    fields: () => Record<string, string | undefined>,
  ][] = [
    ['a wrong secret', 7000215, 'invalid_client', () => asItself({ client_secret: 'wrong' })],
    ['an expired secret', 7000222, 'invalid_client', () => asItself({ client_secret: 'old-secret' })],
    ['a missing credential', 7000218, 'invalid_client', () => asItself({ client_secret: undefined })],
    [
      'a secret of a public client',
      700025,
      'invalid_client',
      () => asItself({ client_id: harness.publicApp.clientId }),
    ],
    ['an unknown app', 700016, 'unauthorized_client', () => asItself({ client_id: unknownId })],
    [
      'an unknown organization',
      500011,
      'invalid_resource',
      () => asItself({ scope: 'https://evil.example/.default' }),
    ],
    ['a permission that does not exist', 650053, 'invalid_scope', () => asItself({ scope: `${org}/admin` })],
    [
      'scopes of two organizations',
      28000,
      'invalid_scope',
      () => asItself({ scope: `${org}/.default ${otherOrg}/.default` }),
    ],
    [
      'a delegated permission with client credentials',
      1002012,
      'invalid_scope',
      () => asItself({ scope: `${org}/user_impersonation` }),
    ],
    ['client credentials without a scope', 1002012, 'invalid_scope', () => asItself({ scope: undefined })],
    ['an invalid scope', 70011, 'invalid_scope', () => asItself({ scope: 'everything' })],
    ['no grant type', 900144, 'invalid_request', () => asItself({ grant_type: undefined })],
    ['an unknown grant type', 70003, 'unsupported_grant_type', () => asItself({ grant_type: 'password' })],
    [
      'an unknown code',
      70000,
      'invalid_grant',
      () => asItself({ grant_type: 'authorization_code', code: 'made-up', redirect_uri: redirect }),
    ],
    [
      'an unknown refresh token',
      70000,
      'invalid_grant',
      () => asItself({ grant_type: 'refresh_token', refresh_token: 'made-up', scope: undefined }),
    ],
    ['an assertion that is no JWT', 50027, 'invalid_request', () => assertion('nonsense')],
    [
      'an assertion of an unregistered certificate',
      700027,
      'invalid_client',
      () => assertion(foreignAssertion()),
    ],
  ];

  const assertion = (client_assertion: string) =>
    asItself({
      client_secret: undefined,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
    });

  function foreignAssertion(): string {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const header = {
      alg: 'PS256',
      'x5t#S256': Buffer.from(createCertificate().certificate).toString('base64url'),
    };
    return `${encode(header)}.${encode({ sub: harness.app.clientId })}.AAAA`;
  }

  for (const [title, code, error, fields] of cases) {
    it(`${title} gives AADSTS${code}`, async () => {
      const { status, body } = await harness.post('token', fields());
      expect(body.error).to.equal(error);
      expect(body.error_codes).to.deep.equal([code]);
      expect(body.error_description).to.match(
        new RegExp(`^AADSTS${code}: .* Trace ID: .* Correlation ID: .* Timestamp: `),
      );
      expect(body).to.include.keys('timestamp', 'trace_id', 'correlation_id', 'error_uri');
      expect(status).to.equal(error === 'invalid_client' ? 401 : 400);
    });
  }

  it('an unknown tenant gives AADSTS90002', async () => {
    const { body } = await harness.post('token', asItself(), 'fabrikam.example');
    expect(body.error_codes).to.deep.equal([90002]);
    const document = await fetch(`${harness.url}/${unknownId}/v2.0/.well-known/openid-configuration`);
    expect(document.status).to.equal(400);
  });

  it('client credentials without a tenant give AADSTS50059', async () => {
    expect((await harness.post('token', asItself(), 'organizations')).body.error_codes).to.deep.equal([
      50059,
    ]);
  });

  it('the correlation id is the client-request-id of the request', async () => {
    const response = await fetch(`${harness.url}/common/oauth2/v2.0/token`, {
      method: 'POST',
      headers: { 'client-request-id': unknownId },
      body: new URLSearchParams({ client_id: harness.app.clientId }),
    });
    expect(await response.json()).to.include({ correlation_id: unknownId });
  });

  describe('in the redirect to the app', () => {
    const readRedirectError = async (params: Record<string, string>) => {
      const back = await harness.signIn(params);
      return {
        error: back.get('error'),
        description: back.get('error_description'),
        state: back.get('state'),
      };
    };

    it('an unknown organization gives AADSTS500011 and keeps the state', async () => {
      const error = await readRedirectError({ scope: 'openid https://evil.example/user_impersonation' });
      expect(error).to.include({ error: 'invalid_resource', state: 'some-state' });
      expect(error.description).to.match(/^AADSTS500011: /);
    });

    it('a silent sign-in without a session gives AADSTS50058', async () => {
      const error = await readRedirectError({ prompt: 'none' });
      expect(error.error).to.equal('login_required');
      expect(error.description).to.match(/^AADSTS50058: /);
    });
  });

  describe('on a page of the authority', () => {
    const pageOf = async (params: Record<string, string>) => {
      const response = await fetch(harness.signInUrl(params), {
        redirect: 'manual',
        headers: { accept: 'text/html' },
      });
      expect(response.headers.get('location')).to.equal(null);
      return response.text();
    };

    it('an unregistered redirect URI gives AADSTS50011', async () => {
      for (const redirect_uri of [
        'https://evil.example/callback',
        'https://host.example/callback/',
        'https://host.example:8443/callback',
        'http://localhost:7777/other',
        'http://127.0.0.1:7777/callback',
      ]) {
        expect(await pageOf({ redirect_uri }), redirect_uri).to.contain('AADSTS50011');
      }
    });

    it('an unknown app gives AADSTS700016', async () => {
      expect(await pageOf({ client_id: unknownId })).to.contain('AADSTS700016');
    });

    it('request parameters are escaped', async () => {
      expect(await pageOf({ client_id: '<script>alert(1)</script>' })).to.not.contain('<script>');
    });

    it('a wrong password, an unknown user and a disabled account have different errors', async () => {
      const page = async (username: string, password: string) =>
        (await simulateSignIn(harness.signInUrl(), { username, password })).page;
      expect(await page(harness.user.name, 'guess')).to.contain('AADSTS50126');
      expect(await page('unknown@contoso.example', 'guess')).to.contain('AADSTS50034');
      harness.user.disabled = true;
      expect(await page(harness.user.name, harness.user.password)).to.contain('AADSTS50057');
      harness.user.disabled = false;
    });
  });

  describe('at the redemption of an authorization code', () => {
    const redeem = async (more: Record<string, string>, params: Record<string, string> = {}) => {
      const code = (await harness.signIn(params)).get('code') ?? '';
      const fields = {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirect,
        client_id: harness.publicApp.clientId,
      };
      return {
        first: await harness.post('token', { ...fields, ...more }),
        again: () => harness.post('token', fields),
      };
    };

    it('a second redemption gives AADSTS54005', async () => {
      const { first, again } = await redeem({});
      expect(first.status).to.equal(200);
      expect((await again()).body.error_codes).to.deep.equal([54005]);
    });

    it('another redirect URI gives AADSTS500112', async () => {
      const { first } = await redeem({ redirect_uri: 'http://localhost:8888/callback' });
      expect(first.body.error_codes).to.deep.equal([500112]);
    });

    it('another code verifier gives AADSTS501481', async () => {
      const { first } = await redeem(
        { code_verifier: 'x'.repeat(43) },
        { code_challenge: 'y'.repeat(43), code_challenge_method: 'S256' },
      );
      expect(first.body.error_codes).to.deep.equal([501481]);
    });
  });

  it('a declined device code gives AADSTS70018', async () => {
    const device = (
      await harness.post('devicecode', {
        client_id: harness.publicApp.clientId,
        scope: `${org}/user_impersonation`,
      })
    ).body;
    harness.directory.revokeConsent(harness.publicApp);
    await simulateSignIn(device.verification_uri, {
      username: harness.user.name,
      password: harness.user.password,
      user_code: device.user_code,
      consent: 'decline',
    });
    harness.publicApp.consent = 'granted';
    const { body } = await harness.post('token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: harness.publicApp.clientId,
      device_code: device.device_code,
    });
    expect(body.error).to.equal('authorization_declined');
  });
});
