import { createHash, createPrivateKey, type JsonWebKey, X509Certificate } from 'node:crypto';
import { expect } from 'chai';
import * as oauth from 'oauth4webapi';
import { simulateSignIn } from '../../src/authority/simulated-browser.ts';
import {
  type AuthorityHarness,
  claimsOf,
  insecure,
  org,
  otherOrg,
  redirect,
  startAuthorityHarness,
} from './harness.ts';

describe('authority: grants', () => {
  let harness: AuthorityHarness;
  before(async () => {
    harness = await startAuthorityHarness();
  });
  after(() => harness.close());

  async function discover(): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(harness.authority.issuer);
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));
  }

  it('openid-client signs in with an authorization code and PKCE and refreshes the tokens', async () => {
    const as = await discover();
    const client = { client_id: harness.app.clientId };
    const auth = oauth.ClientSecretPost('right-secret');
    const verifier = oauth.generateRandomCodeVerifier();
    const nonce = oauth.generateRandomNonce();
    const params = await harness.signIn({
      client_id: client.client_id,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      nonce,
    });
    const response = oauth.validateAuthResponse(as, client, params, 'some-state');
    const tokens = await oauth.processAuthorizationCodeResponse(
      as,
      client,
      await oauth.authorizationCodeGrantRequest(as, client, auth, response, redirect, verifier, insecure),
      { expectedNonce: nonce, requireIdToken: true },
    );
    expect(oauth.getValidatedIdTokenClaims(tokens)).to.include({ tid: harness.directory.tenantId });
    expect(claimsOf(tokens.access_token)).to.include({
      aud: org,
      oid: harness.user.objectId,
      tid: harness.directory.tenantId,
      iss: harness.authority.issuer,
      scp: 'user_impersonation',
    });
    const renewed = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, auth, tokens.refresh_token ?? '', insecure),
    );
    expect(claimsOf(renewed.access_token).aud).to.equal(org);
    expect(renewed.refresh_token).to.be.a('string').and.not.equal(tokens.refresh_token);
  });

  it('openid-client uses client credentials with a secret, in the body or as Basic', async () => {
    const as = await discover();
    const client = { client_id: harness.app.clientId };
    for (const auth of [oauth.ClientSecretPost('right-secret'), oauth.ClientSecretBasic('right-secret')]) {
      const scope = new URLSearchParams({ scope: `${org}/.default` });
      const tokens = await oauth.processClientCredentialsResponse(
        as,
        client,
        await oauth.clientCredentialsGrantRequest(as, client, auth, scope, insecure),
      );
      expect(claimsOf(tokens.access_token)).to.include({ aud: org, appid: client.client_id, idtyp: 'app' });
      expect(claimsOf(tokens.access_token).oid).to.equal(harness.app.objectId);
    }
  });

  it('openid-client uses client credentials with a certificate, under RS256 and PS256', async () => {
    const as = await discover();
    const client = { client_id: harness.app.clientId };
    const der = new X509Certificate(harness.certificate.certificate).raw;
    const thumbprint = createHash('sha256').update(der).digest('base64url');
    for (const name of ['RSASSA-PKCS1-v1_5', 'RSA-PSS']) {
      const pkcs8 = createPrivateKey(harness.certificate.privateKey).export({ type: 'pkcs8', format: 'der' });
      const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name, hash: 'SHA-256' }, false, ['sign']);
      const auth = oauth.PrivateKeyJwt(key, {
        [oauth.modifyAssertion](header, payload) {
          header['x5t#S256'] = thumbprint;
          payload.aud = as.token_endpoint ?? '';
        },
      });
      const scope = new URLSearchParams({ scope: `${otherOrg}/.default` });
      const tokens = await oauth.processClientCredentialsResponse(
        as,
        client,
        await oauth.clientCredentialsGrantRequest(as, client, auth, scope, insecure),
      );
      expect(claimsOf(tokens.access_token)).to.include({ aud: otherOrg, appidacr: '2' });
    }
  });

  it('a device gets tokens after its code was entered, and authorization_pending before', async () => {
    const as = await discover();
    const client = { client_id: harness.publicApp.clientId };
    const scope = new URLSearchParams({ scope: `openid offline_access ${org}/user_impersonation` });
    const device = await oauth.processDeviceAuthorizationResponse(
      as,
      client,
      await oauth.deviceAuthorizationRequest(as, client, oauth.None(), scope, insecure),
    );
    expect(device.interval).to.equal(5);
    const poll = () =>
      harness.post('token', {
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        client_id: client.client_id,
        device_code: device.device_code,
      });
    const early = await poll();
    expect(early.body).to.include({ error: 'authorization_pending' });
    expect(early.body.error_codes).to.deep.equal([70016]);
    await simulateSignIn(device.verification_uri, {
      username: harness.user.name,
      password: harness.user.password,
      user_code: device.user_code,
    });
    const tokens = (await poll()).body;
    expect(claimsOf(tokens.access_token)).to.include({ aud: org, oid: harness.user.objectId });
    expect(tokens).to.include.keys('refresh_token', 'id_token');
  });

  it('a sign-in with the tenant organizations gives an id token of the real tenant', async () => {
    const document = await (
      await fetch(`${harness.url}/organizations/v2.0/.well-known/openid-configuration`)
    ).json();
    expect(document).to.deep.include({ issuer: `${harness.url}/{tenantid}/v2.0` });
    const params = await harness.signIn({}, 'organizations');
    const fields = {
      grant_type: 'authorization_code',
      redirect_uri: redirect,
      client_id: harness.publicApp.clientId,
    };
    const tokens = await harness.post(
      'token',
      { ...fields, code: params.get('code') ?? '' },
      'organizations',
    );
    expect(claimsOf(tokens.body.id_token).iss).to.equal(harness.authority.issuer);
  });

  it('accepts the domain of the tenant', async () => {
    const document = await (
      await fetch(`${harness.url}/contoso.example/v2.0/.well-known/openid-configuration`)
    ).json();
    expect(document).to.deep.include({ issuer: harness.authority.issuer });
  });

  it('the published keys verify every token', async () => {
    const { access_token } = await harness.tokens();
    const { keys } = (await (await fetch(`${harness.url}/common/discovery/v2.0/keys`)).json()) as oauth.JWKS;
    const key = await crypto.subtle.importKey(
      'jwk',
      keys[0] as JsonWebKey,
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      false,
      ['verify'],
    );
    const [head, body, signature] = (access_token ?? '').split('.');
    const isValid = await crypto.subtle.verify(
      'RSASSA-PKCS1-v1_5',
      key,
      Buffer.from(signature ?? '', 'base64url'),
      Buffer.from(`${head}.${body}`),
    );
    expect(isValid).to.equal(true);
    expect(keys[0]).to.not.have.any.keys('d', 'p', 'q');
  });

  it('a sign-in without offline_access gives no refresh token', async () => {
    expect(await harness.tokens(`openid ${org}/user_impersonation`)).to.not.have.property('refresh_token');
  });

  it('a redirect has code and state but no iss, as in Entra', async () => {
    const params = await harness.signIn();
    expect([...params.keys()].sort()).to.deep.equal(['code', 'state']);
  });

  it('access tokens use the clock of the sandbox', async () => {
    const future = await startAuthorityHarness({ now: () => Date.UTC(2031, 0, 1) });
    try {
      const { access_token } = await future.tokens();
      expect(claimsOf(access_token ?? '').exp).to.equal(Date.UTC(2031, 0, 1) / 1000 + 3600);
    } finally {
      await future.close();
    }
  });
});
