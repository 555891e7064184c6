import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createAppTokenSource } from '../../src/auth/app-token-source.ts';
import { readClaimsChallenge } from '../../src/auth/claims-challenge.ts';
import { createHostTokenSource, type GetHostToken } from '../../src/auth/host-token-source.ts';
import { createOnBehalfOfTokenSource } from '../../src/auth/on-behalf-of-token-source.ts';
import {
  createStoredTokenSource,
  readRequiredClaims,
  saveTokens,
} from '../../src/auth/stored-token-source.ts';
import { openVault } from '../../src/auth/vault.ts';
import { createConnector, runtimeOf } from '../../src/client/connector.ts';
import { type Credential, type HttpRequest, loadConnector } from '../../src/index.ts';
import type { TokenSource } from '../../src/model/token.ts';
import { errorOf } from './support/expect-error.ts';
import { createAuthFixture, redirectUri } from './support/fixture.ts';
import { createMemoryKeys } from './support/memory-keys.ts';
import { entraError, origin, respond, scopes, tenantId } from './support/scripted-authority.ts';

const claims = { access_token: { acrs: { essential: true, value: 'c1' } } };
const toHeader = (value: unknown, error = 'insufficient_claims') =>
  `Bearer realm="", authorization_uri="https://login.microsoftonline.com/${tenantId}/oauth2/authorize", error="${error}", claims="${Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64')}"`;
const challenge = toHeader(claims);

/** Answers a 401 with this challenge. */
async function answer(source: TokenSource, header = challenge) {
  const rejectedToken = await source.getToken();
  return await source.getToken({ rejectedToken, challenge: header });
}

describe('claims challenge: the header', () => {
  it('is read, and says for people what is required', () => {
    expect(readClaimsChallenge(challenge)).to.deep.equal({
      claims: JSON.stringify(claims),
      requires: 'the authentication context c1',
    });
    const late = {
      access_token: { nbf: { essential: true, value: '1764579600' }, xms_rp_ipaddr: { value: '1.2.3.4' } },
    };
    expect(readClaimsChallenge(toHeader(late))?.requires).to.equal(
      'a sign-in after 2025-12-01T09:00Z and the claim "xms_rp_ipaddr"',
    );
  });

  it('is found among other challenges', () => {
    expect(readClaimsChallenge(`Negotiate, Basic realm="x", ${challenge}`)).not.to.equal(undefined);
  });

  for (const [name, header] of Object.entries({
    'no header': undefined,
    'another error': toHeader(claims, 'invalid_token'),
    'no Bearer challenge': challenge.replace('Bearer', 'Basic'),
    'claims that are not base64': challenge.replace(/claims="[^"]*"/, 'claims="{*}"'),
    'claims that are not JSON': toHeader('{"access_token"'),
    'claims that are no object': toHeader([1]),
    'claims for another token': toHeader({ id_token: {} }),
    'claims of another type': toHeader({ access_token: 'c1' }),
    'no claims': challenge.replace(/, claims="[^"]*"/, ''),
    'a header that is too long': `${challenge}, x="${'a'.repeat(20_000)}"`,
  })) {
    it(`is not read: ${name}`, () => {
      expect(readClaimsChallenge(header)).to.equal(undefined);
    });
  }

  it('shows no text of the header, which could be a secret', () => {
    const secret = { access_token: { acrs: { value: 'eyJsecret' }, 'eyJ secret': { value: 'x' } } };
    expect(readClaimsChallenge(toHeader(secret))?.requires).to.equal('the claim "acrs"');
  });
});

describe('claims challenge: token sources', () => {
  it('an app requests a token with the claims, once for all callers', async () => {
    const { authority, oauth, clock } = createAuthFixture();
    const source = createAppTokenSource({ oauth, scopes, clock });
    const rejectedToken = await source.getToken();
    const tokens = await Promise.all(
      Array.from({ length: 20 }, () => source.getToken({ rejectedToken, challenge })),
    );
    expect(new Set(tokens.map(({ token }) => token.reveal())).size).to.equal(1);
    expect(authority.forms.map((form) => form.claims)).to.deep.equal([undefined, JSON.stringify(claims)]);
  });

  it('a caller that joins a renewal without the claims requests another token', async () => {
    const { authority, oauth, clock } = createAuthFixture();
    const source = createAppTokenSource({ oauth, scopes, clock });
    const rejectedToken = await source.getToken();
    await Promise.all([source.getToken({ rejectedToken }), source.getToken({ rejectedToken, challenge })]);
    expect(authority.forms.map((form) => form.claims)).to.deep.equal([
      undefined,
      undefined,
      JSON.stringify(claims),
    ]);
  });

  it('on behalf of a user, the token is requested with the claims', async () => {
    const { authority, oauth, clock } = createAuthFixture();
    await answer(createOnBehalfOfTokenSource({ oauth, scopes, clock, userToken: () => 'user-token' }));
    expect(authority.forms.at(-1)).to.include({ claims: JSON.stringify(claims), assertion: 'user-token' });
  });

  it('a signed-in user gets a token by the refresh token, which other processes then share', async () => {
    const { authority, first, second } = await createSignedIn();
    const rejectedToken = await first.getToken();
    await second.getToken();
    authority.forms.length = 0;
    const tokens = [
      await first.getToken({ rejectedToken, challenge }),
      await second.getToken({ rejectedToken, challenge }),
    ];
    expect(tokens[0]?.token.reveal()).to.equal(tokens[1]?.token.reveal());
    expect(authority.forms.map((form) => form.claims)).to.deep.equal([JSON.stringify(claims)]);
  });

  it('a later token is requested without the claims again', async () => {
    const { authority, clock, first } = await createSignedIn();
    await answer(first);
    await clock.advance(3_600_000);
    await first.getToken();
    expect(authority.forms.at(-1)?.claims).to.equal(undefined);
  });

  it('a user who must sign in again is told for what, and the next sign-in asks for it', async () => {
    const { authority, vault, first, signInAgain } = await createSignedIn();
    authority.intercept = () => entraError('interaction_required', 'AADSTS50076: MFA is required.');
    const error = await errorOf(answer(first), 'CLAIMS_REQUIRED');
    expect(error.message).to.include('requires the authentication context c1');
    expect(error.details.serverCode).to.equal('AADSTS50076');
    authority.intercept = undefined;
    expect(await readRequiredClaims(vault, 'contoso')).to.equal(JSON.stringify(claims));
    const url = await signInAgain();
    expect(new URL(url).searchParams.get('claims')).to.equal(JSON.stringify(claims));
    expect(await readRequiredClaims(vault, 'contoso')).to.equal(undefined);
    expect((await first.getToken()).token.reveal()).to.be.a('string');
  });

  it('a refused challenge does not end the sign-in of calls that need no claims', async () => {
    const { authority, clock, first } = await createSignedIn();
    authority.intercept = (form) =>
      form.claims === undefined
        ? undefined
        : entraError('interaction_required', 'AADSTS50076: MFA is required.');
    await errorOf(answer(first), 'CLAIMS_REQUIRED');
    await clock.advance(3_600_000);
    expect((await first.getToken()).token.reveal()).to.be.a('string');
  });

  it('an authority that is down leaves a retryable error, not one for a person', async () => {
    const { authority, first } = await createSignedIn();
    const rejectedToken = await first.getToken();
    authority.intercept = () => ({ status: 503, body: '' });
    await errorOf(first.getToken({ rejectedToken, challenge }), 'UNAVAILABLE');
  });

  it('a host gets the claims', async () => {
    const { clock } = createAuthFixture();
    const requests: Parameters<GetHostToken>[0][] = [];
    const getToken: GetHostToken = (request) => {
      requests.push(request);
      return { token: `token-${requests.length}` };
    };
    await answer(createHostTokenSource({ getToken, clock }));
    expect(requests).to.deep.equal([{ rejected: false }, { rejected: true, claims: JSON.stringify(claims) }]);
  });

  for (const [name, getToken] of Object.entries<GetHostToken>({
    'returns the same token again': () => ({ token: 'one' }),
    'cannot get one': ({ rejected }) => {
      if (rejected) throw new Error('AuthenticationRequiredError');
      return { token: 'one' };
    },
  })) {
    it(`a host that ${name} ends with what is required`, async () => {
      const { clock } = createAuthFixture();
      const error = await errorOf(answer(createHostTokenSource({ getToken, clock })), 'CLAIMS_REQUIRED');
      expect(error.message).to.include('the authentication context c1');
      expect(error.advice).to.include('Sign in again in a browser');
    });
  }
});

describe('claims challenge: calls', () => {
  /** An organization that accepts tokens with this text only. */
  async function connect(credential: Credential, accepted: string, header = challenge) {
    const sent: HttpRequest[] = [];
    const { definition, validator, services } = runtimeOf(await loadConnector());
    const connector = createConnector({
      definition,
      validator,
      services: {
        ...services,
        send: async (request) => {
          sent.push(request);
          if (request.headers.authorization === `Bearer ${accepted}`)
            return respond({
              status: 200,
              body: { accountid: tenantId },
            });
          return respond({ status: 401, body: '' }, { 'www-authenticate': header });
        },
      },
    });
    return { sent, client: connector.connect({ orgUrl: origin }, credential) };
  }

  it('a 401 is answered once, with a token that has the claims', async () => {
    const options: unknown[] = [];
    const credential: Credential = {
      getToken: async (_scope, given) => {
        options.push(given);
        return {
          token: given?.claims === undefined ? 'plain' : 'strong',
          expiresOnTimestamp: Date.now() + 60_000,
        };
      },
    };
    const { sent, client } = await connect(credential, 'strong');
    await client.run('account.get', { id: tenantId });
    expect(sent).to.have.length(2);
    expect(options).to.deep.equal([undefined, { claims: JSON.stringify(claims) }]);
  });

  it('a second challenge is not answered: there is no loop', async () => {
    let count = 0;
    const credential: Credential = { kind: 'host', getToken: () => ({ token: `token-${++count}` }) };
    const { sent, client } = await connect(credential, 'never');
    const error = await errorOf(client.run('account.get', { id: tenantId }), 'CLAIMS_REQUIRED');
    expect(sent).to.have.length(2);
    expect(error.details.status).to.equal(401);
  });

  it('a challenge that cannot be read is answered by a plain renewal, once', async () => {
    const requests: object[] = [];
    const credential: Credential = {
      kind: 'host',
      getToken: (request) => {
        requests.push(request);
        return { token: `token-${requests.length}` };
      },
    };
    const { sent, client } = await connect(credential, 'token-2', toHeader('{'));
    await client.run('account.get', { id: tenantId });
    expect(sent).to.have.length(2);
    expect(requests).to.deep.equal([{ rejected: false }, { rejected: true }]);
  });
});

/** Two processes with the same sign-in. */
async function createSignedIn() {
  const fixture = createAuthFixture();
  const vault = await openVault({ store: fixture.store, keys: createMemoryKeys() });
  const { url } = await fixture.signIn.start({ redirectUri });
  await saveTokens(vault, 'contoso', await fixture.signIn.finish(fixture.authority.signIn(url)));
  const shared = {
    oauth: fixture.oauth,
    scopes,
    vault,
    connection: 'contoso',
    clock: fixture.clock,
    uuid: randomUUID,
  };
  const { definition, validator, services } = runtimeOf(await loadConnector());
  const connector = createConnector({
    definition,
    validator,
    services: { ...services, send: fixture.authority.send, store: fixture.store },
  });
  return {
    ...fixture,
    vault,
    first: createStoredTokenSource(shared),
    second: createStoredTokenSource(shared),
    /** As a host does it, whatever it knows. */
    async signInAgain() {
      const user = {
        app: { clientId: fixture.app.clientId, clientSecret: fixture.app.clientSecret },
        vault,
        connection: 'contoso',
      };
      const signIn = connector.signIn({ orgUrl: origin, tenant: tenantId }, user);
      const started = await signIn.start({ redirectUri });
      await signIn.finish(fixture.authority.signIn(started.url));
      return started.url;
    },
  };
}
