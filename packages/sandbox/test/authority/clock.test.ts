import { expect } from 'chai';
import { type AuthorityHarness, claimsOf, org, redirect, startAuthorityHarness } from './harness.ts';

describe('authority: clock and seed', () => {
  let harness: AuthorityHarness;
  let offsetMs = 0;
  const advance = (seconds: number) => {
    offsetMs += seconds * 1000;
  };
  const redeem = (code: string | null) =>
    harness.post('token', {
      grant_type: 'authorization_code',
      code: code ?? '',
      redirect_uri: redirect,
      client_id: harness.publicApp.clientId,
    });
  const requestDeviceCode = async () => {
    const scope = `openid offline_access ${org}/user_impersonation`;
    return (await harness.post('devicecode', { client_id: harness.publicApp.clientId, scope })).body;
  };
  beforeEach(async () => {
    offsetMs = 0;
    harness = await startAuthorityHarness({ now: () => Date.now() + offsetMs });
  });
  afterEach(() => harness.close());

  it('an authorization code expires by the clock of the authority', async () => {
    const code = (await harness.signIn()).get('code');
    advance(harness.lifetimes.codeSeconds + 1);
    expect((await redeem(code)).body.error).to.equal('invalid_grant');
    const inTime = (await harness.signIn()).get('code');
    advance(harness.lifetimes.codeSeconds - 5);
    expect((await redeem(inTime)).status).to.equal(200);
  });

  it('a refresh token expires by the clock of the authority', async () => {
    const { refresh_token } = await harness.tokens();
    const refresh = () =>
      harness.post('token', {
        grant_type: 'refresh_token',
        refresh_token,
        client_id: harness.publicApp.clientId,
      });
    advance(harness.lifetimes.refreshTokenSeconds - 5);
    expect((await refresh()).status).to.equal(200);
    advance(10);
    expect((await refresh()).body.error).to.equal('invalid_grant');
  });

  it('an id token has the times of the clock of the authority', async () => {
    advance(7200);
    const before = Math.floor((Date.now() + offsetMs) / 1000);
    const claims = claimsOf((await harness.tokens()).id_token ?? '');
    expect(claims.iat).to.be.within(before, before + 5);
    expect(claims.nbf).to.equal(claims.iat);
    expect(claims.exp).to.equal(claims.iat + 3600);
  });

  it('a device code expires by the clock of the authority', async () => {
    const { device_code } = await requestDeviceCode();
    advance(harness.lifetimes.deviceCodeSeconds + 1);
    const { body } = await harness.post('token', {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      client_id: harness.publicApp.clientId,
      device_code,
    });
    expect(body.error).to.equal('expired_token');
  });

  it('the same seed gives the same user codes of devices', async () => {
    const first = await requestDeviceCode();
    expect(first.user_code).to.match(/^[BCDFGHJKLMNPQRSTVWXZ]{9}$/);
    expect(first.message).to.include(first.user_code);
    await harness.close();
    harness = await startAuthorityHarness();
    const again = await requestDeviceCode();
    expect(again.user_code).to.equal(first.user_code);
    expect((await requestDeviceCode()).user_code).not.to.equal(first.user_code);
  });
});
