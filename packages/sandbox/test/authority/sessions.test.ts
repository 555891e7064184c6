import { expect } from 'chai';
import { entraErrors } from '../../src/authority/entra-errors.ts';
import { simulateSignIn } from '../../src/authority/simulated-browser.ts';
import { type AuthorityHarness, claimsOf, org, otherOrg, startAuthorityHarness } from './harness.ts';

describe('authority: refresh tokens and consent', () => {
  let harness: AuthorityHarness;
  beforeEach(async () => {
    harness = await startAuthorityHarness();
  });
  afterEach(() => harness.close());

  const refresh = (refresh_token: string | undefined, scope?: string, from = harness) =>
    from.post('token', {
      grant_type: 'refresh_token',
      refresh_token,
      scope,
      client_id: from.publicApp.clientId,
    });

  it('a used refresh token stays valid, as in Entra', async () => {
    const { refresh_token } = await harness.tokens();
    const responses = [
      await refresh(refresh_token),
      await refresh(refresh_token),
      await refresh(refresh_token),
    ];
    expect(responses.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    expect(new Set(responses.map(({ body }) => body.refresh_token)).size).to.equal(3);
  });

  it('with detectRefreshTokenReuse, a second use ends the session', async () => {
    const strict = await startAuthorityHarness({ strictReuse: true });
    try {
      const { refresh_token } = await strict.tokens();
      const second = (await refresh(refresh_token, undefined, strict)).body.refresh_token;
      expect((await refresh(refresh_token, undefined, strict)).body.error).to.equal('invalid_grant');
      expect((await refresh(second, undefined, strict)).body.error_codes).to.deep.equal([70000]);
    } finally {
      await strict.close();
    }
  });

  it('a refresh token is valid for every organization of the tenant and for no other', async () => {
    const { refresh_token } = await harness.tokens();
    const other = await refresh(refresh_token, `${otherOrg}/user_impersonation offline_access`);
    expect(claimsOf(other.body.access_token).aud).to.equal(otherOrg);
    const foreign = await refresh(refresh_token, 'https://evil.example/user_impersonation');
    expect(foreign.body.error_codes).to.deep.equal([500011]);
  });

  it('revoked refresh tokens give AADSTS50173, expired ones AADSTS70008; new ones are valid', async () => {
    const revoked = await harness.tokens();
    harness.authority.records.invalidateRefreshTokens(entraErrors.revokedGrant, harness.user.objectId);
    const expired = await harness.tokens();
    expect((await refresh(expired.refresh_token)).status).to.equal(200);
    expect((await refresh(revoked.refresh_token)).body.error_codes).to.deep.equal([50173]);
    harness.authority.records.invalidateRefreshTokens(entraErrors.expiredGrant);
    expect((await refresh(expired.refresh_token)).body.error_codes).to.deep.equal([70008]);
  });

  it('a refresh for a disabled user gives AADSTS50057', async () => {
    const { refresh_token } = await harness.tokens();
    harness.user.disabled = true;
    expect((await refresh(refresh_token)).body.error_codes).to.deep.equal([50057]);
  });

  it('a refresh after revokeConsent gives AADSTS65001 until the user consents again', async () => {
    const { refresh_token } = await harness.tokens();
    harness.directory.revokeConsent(harness.publicApp);
    const response = await refresh(refresh_token);
    expect(response.body).to.include({ error: 'invalid_grant', suberror: 'consent_required' });
    expect(response.body.error_codes).to.deep.equal([65001]);
    expect(await harness.tokens()).to.have.property('access_token');
    expect((await refresh(refresh_token)).status).to.equal(200);
  });

  it('declined consent gives AADSTS65004 in the redirect', async () => {
    harness.directory.revokeConsent(harness.publicApp);
    const person = { username: harness.user.name, password: harness.user.password };
    const end = await simulateSignIn(harness.signInUrl({ prompt: 'consent' }), {
      ...person,
      consent: 'decline',
    });
    const params = new URL(end.redirectUrl ?? '').searchParams;
    expect(params.get('error')).to.equal('access_denied');
    expect(params.get('error_description')).to.match(/^AADSTS65004: /);
  });

  it('an app that needs admin consent gives AADSTS90094', async () => {
    harness.directory.revokeConsent(harness.publicApp, 'admin');
    const params = await harness.signIn();
    expect(params.get('error_description')).to.match(/^AADSTS90094: /);
  });

  it('a single-tenant app gives AADSTS50194 with the tenant organizations', async () => {
    const single = { ...harness.publicApp, clientId: crypto.randomUUID(), multiTenant: false };
    (harness.directory.apps as Map<string, typeof single>).set(single.clientId, single);
    const response = await fetch(harness.signInUrl({ client_id: single.clientId }, 'organizations'));
    expect(await response.text()).to.contain('AADSTS50194');
    expect((await harness.signIn({ client_id: single.clientId })).has('code')).to.equal(true);
  });

  it('lifetimes can be changed at runtime', async () => {
    harness.lifetimes.accessTokenSeconds = 7;
    const tokens = await harness.tokens(`openid ${org}/user_impersonation`);
    expect(tokens).to.include({ expires_in: 7 });
  });
});
