import { expect } from 'chai';
import { type DeviceCodePrompt, signInWithDeviceCode } from '../../src/auth/device-code.ts';
import type { DeviceAuthorization, OAuthClient } from '../../src/auth/oauth-client.ts';
import type { TokenSet } from '../../src/auth/token-set.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { Secret } from '../../src/model/secret.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { errorOf } from './support/expect-error.ts';
import { createAuthFixture } from './support/fixture.ts';
import { scopes } from './support/scripted-authority.ts';

type ScriptedResult = Awaited<ReturnType<OAuthClient['redeemDeviceCode']>> | ConnectorError;
const tokens: TokenSet = { accessToken: { token: new Secret('t'), expiresAt: 1 }, refreshAt: 1 };
const code: DeviceAuthorization = {
  deviceCode: new Secret('device'),
  scopes,
  userCode: 'ABCD-EFGH',
  verificationUri: 'https://microsoft.com/devicelogin',
  expiresInMs: 900_000,
  intervalMs: 5000,
};

function signIn(results: ScriptedResult[], signal?: AbortSignal) {
  const clock = createFakeClock();
  const startedAt = clock.now();
  const prompts: DeviceCodePrompt[] = [];
  const oauth: OAuthClient = {
    ...createAuthFixture().oauth,
    startDeviceAuthorization: async () => code,
    async redeemDeviceCode() {
      const result = results.shift() ?? 'pending';
      if (result instanceof ConnectorError) throw result;
      return result;
    },
  };
  const onPrompt = (prompt: DeviceCodePrompt) => void prompts.push(prompt);
  const done = signInWithDeviceCode({ oauth, scopes, clock, onPrompt, signal });
  return { clock, done, prompts, startedAt };
}

describe('signInWithDeviceCode', () => {
  it('shows the code, then polls at the requested interval until the user has signed in', async () => {
    const { clock, done, prompts, startedAt } = signIn(['pending', 'pending', tokens]);
    expect(await done).to.equal(tokens);
    expect(prompts).to.deep.equal([
      {
        verificationUri: 'https://microsoft.com/devicelogin',
        userCode: 'ABCD-EFGH',
        expiresAt: startedAt + 900_000,
      },
    ]);
    expect(clock.slept).to.deep.equal([5000, 5000, 5000]);
  });

  it('polls more slowly after slow_down and after a network error', async () => {
    const { clock, done } = signIn(['slow_down', new ConnectorError('NETWORK', 'broken'), tokens]);
    await done;
    expect(clock.slept).to.deep.equal([5000, 10_000, 15_000]);
  });

  it('throws SIGN_IN_REFUSED when the code has expired', async () => {
    const { clock, done, startedAt } = signIn([]);
    const error = await errorOf(done, 'SIGN_IN_REFUSED');
    expect(error.message).to.contain('expired');
    expect(clock.now()).to.be.at.most(startedAt + 900_000);
  });

  it('throws SIGN_IN_REFUSED when the user declines', async () => {
    const declined = new ConnectorError('SIGN_IN_REFUSED', 'declined');
    expect(await errorOf(signIn(['pending', declined]).done, 'SIGN_IN_REFUSED')).to.equal(declined);
  });

  it('throws ABORTED when the caller aborts while it waits', async () => {
    const controller = new AbortController();
    controller.abort();
    await errorOf(signIn([], controller.signal).done, 'ABORTED');
  });

  it('sends and reads the messages of RFC 8628', async () => {
    const { authority, oauth } = createAuthFixture();
    const responses = [
      {
        status: 400,
        body: {
          error: 'authorization_pending',
          error_description: 'AADSTS70016: pending',
          error_codes: [70016],
        },
      },
      { status: 400, body: { error: 'slow_down' } },
      undefined,
    ];
    authority.intercept = () => responses.shift();
    expect(await oauth.redeemDeviceCode(code)).to.equal('pending');
    expect(await oauth.redeemDeviceCode(code)).to.equal('slow_down');
    expect(await oauth.redeemDeviceCode(code)).to.have.nested.property('accessToken.token');
    expect(authority.forms[0]).to.include({
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'device',
    });
    authority.intercept = () => ({
      status: 400,
      body: { error: 'authorization_declined', error_description: 'no' },
    });
    await errorOf(oauth.redeemDeviceCode(code), 'SIGN_IN_REFUSED');
    authority.intercept = () => ({
      status: 400,
      body: { error: 'expired_token', error_description: 'AADSTS70019: x' },
    });
    expect((await errorOf(oauth.redeemDeviceCode(code), 'SIGN_IN_REFUSED')).message).to.contain('expired');
  });
});
