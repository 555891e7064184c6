import { inspect } from 'node:util';
import { expect } from 'chai';
import { getAuthority } from '../../src/auth/authority.ts';
import { createAuthorizationCodeSignIn } from '../../src/auth/authorization-code.ts';
import { createOAuthClient } from '../../src/auth/create-oauth-client.ts';
import type { OAuthClient } from '../../src/auth/oauth-client.ts';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import { Secret } from '../../src/model/secret.ts';
import { attacks, canary } from './support/attacks.ts';
import { environment, redirectUri } from './support/fixture.ts';
import { createManualClock } from './support/manual-clock.ts';
import { clientId, respond, scopes, tenantId } from './support/scripted-authority.ts';

const grants: Readonly<Record<string, (oauth: OAuthClient) => Promise<unknown>>> = {
  'a refresh': (oauth) => oauth.refreshTokens(new Secret(`${canary}.re~fresh`), scopes),
  'a client credentials grant': (oauth) => oauth.requestAppToken(scopes),
  'an on-behalf-of grant': (oauth) => oauth.requestOnBehalfOf(new Secret(`${canary}.user.token`), scopes),
  'a device grant': (oauth) =>
    oauth.redeemDeviceCode({
      deviceCode: new Secret(`${canary}-device`),
      scopes,
      userCode: 'x',
      verificationUri: 'https://x.example',
      expiresInMs: 1,
      intervalMs: 1,
    }),
  'a sign-in': async (oauth) => {
    const signIn = createAuthorizationCodeSignIn({
      oauth,
      scopes,
      store: createMemoryStore(),
      clock: createManualClock(),
    });
    const { state } = await signIn.start({ redirectUri });
    return signIn.finish(`${redirectUri}?code=${canary}-code&state=${state}`);
  },
};

describe('OAuthClient: secrets in errors', () => {
  for (const [grant, run] of Object.entries(grants)) {
    for (const [attack, getResponse] of Object.entries(attacks)) {
      it(`contain no secret after ${grant} with ${attack}`, async () => {
        const oauth = createOAuthClient({
          authority: getAuthority(environment, tenantId),
          app: { clientId, clientSecret: new Secret(`${canary}~se+cr&et %`) },
          send: async (request) => {
            expect(String(request.body)).to.contain(canary);
            return getResponse(request);
          },
          clock: createManualClock(),
        });
        const error: unknown = await run(oauth).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(ConnectorError);
        const printed = [
          JSON.stringify(error),
          String(error),
          inspect(error, { depth: 10, showHidden: true }),
        ];
        expect(printed.join('\n')).not.to.contain(canary);
      });
    }
  }

  it('are not printed with tokens', async () => {
    const oauth = createOAuthClient({
      authority: getAuthority(environment, tenantId),
      app: { clientId, clientSecret: new Secret(`${canary}~se+cr&et %`) },
      send: async () =>
        respond({
          status: 200,
          body: { access_token: canary, refresh_token: canary, token_type: 'Bearer', expires_in: 60 },
        }),
      clock: createManualClock(),
    });
    const tokens = await oauth.requestAppToken(scopes);
    for (const value of [tokens, oauth]) {
      expect(JSON.stringify(value) + String(value) + inspect(value, { depth: 10 })).not.to.contain(canary);
    }
    expect(tokens.refreshToken?.reveal()).to.equal(canary);
  });
});
