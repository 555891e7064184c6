import { inspect } from 'node:util';
import { expect } from 'chai';
import { authorityOf } from '../../src/auth/authority.ts';
import { createSignIn } from '../../src/auth/authorization-code.ts';
import { createOAuth } from '../../src/auth/oauth.ts';
import type { OAuth } from '../../src/auth/oauth-port.ts';
import { createMemoryStore } from '../../src/engine/memory-store.ts';
import { ConnectorError } from '../../src/errors/connector-error.ts';
import type { HttpRequest, HttpResponse } from '../../src/model/http.ts';
import { Secret } from '../../src/model/secret.ts';
import { clientId, jwt, respond, scopes, tenantId } from './support/authority.ts';
import { createManualClock } from './support/manual-clock.ts';
import { environment, redirectUri } from './support/stage.ts';

/** Everything secret that goes through these calls carries this word. */
const canary = 'canary-7f3c';

type Reply = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** What an authority, a proxy or a broken line may do, repeating our own request back at us. */
const misdeeds: Readonly<Record<string, Reply>> = {
  'an error that repeats the request': ({ body }) =>
    respond({
      status: 400,
      body: {
        error: 'invalid_grant',
        error_description: `AADSTS70000: ${Array.from(new URLSearchParams(String(body))).join(' ')}`,
      },
    }),
  'an error that repeats the form as it came': ({ body }) =>
    respond({ status: 400, body: { error: String(body), error_description: String(body) } }),
  'an unknown error that repeats the request everywhere': ({ body }) => {
    const said = Array.from(new URLSearchParams(String(body))).join(' ');
    const all = {
      error: said,
      error_description: said,
      suberror: said,
      trace_id: said,
      correlation_id: said,
    };
    return respond({ status: 401, body: all });
  },
  'HTML with 200': ({ body }) => respond({ status: 200, body: `<html>${body}</html>`, type: 'text/html' }),
  'HTML with 400': ({ body }) => respond({ status: 400, body: `<html>${body}</html>`, type: 'text/html' }),
  'JSON that is none': ({ body }) => respond({ status: 200, body: `{"access_token": "${body}` }),
  'a token of another type': () =>
    respond({ status: 200, body: { access_token: canary, token_type: 'mac' } }),
  'a token answer without token type': () => respond({ status: 200, body: { access_token: canary } }),
  'a foreign id token': () =>
    respond({
      status: 200,
      body: {
        access_token: canary,
        refresh_token: canary,
        token_type: 'Bearer',
        id_token: jwt({
          iss: canary,
          aud: canary,
          sub: canary,
          nonce: canary,
          exp: 1,
          iat: 1,
          tid: tenantId,
        }),
      },
    }),
  'a redirect': () => respond({ status: 302, body: '' }, { location: `https://evil.example/${canary}` }),
  'an outage': ({ body }) => respond({ status: 500, body: String(body) }),
  'too many requests': ({ body }) => respond({ status: 429, body: String(body) }, { 'retry-after': '7' }),
  'a sender whose error holds the request': (request) => {
    throw Object.assign(new Error(`failed: ${request.body}`), { request, cause: request });
  },
  'a body that breaks': (request) => ({
    ...respond({ status: 200, body: '' }),
    body: (async function* () {
      yield new TextEncoder().encode(String(request.body));
      throw new Error(`reset: ${request.body}`);
    })(),
  }),
  'an endless body': () => ({
    ...respond({ status: 200, body: '' }),
    body: (async function* () {
      for (;;) yield new TextEncoder().encode(canary.repeat(10_000));
    })(),
  }),
};

const calls: Readonly<Record<string, (oauth: OAuth) => Promise<unknown>>> = {
  'a refresh': (oauth) => oauth.refresh(new Secret(`${canary}.re~fresh`), scopes),
  'a client credentials grant': (oauth) => oauth.clientToken(scopes),
  'a device grant': (oauth) =>
    oauth.redeemDevice({
      secret: new Secret(`${canary}-device`),
      scopes,
      userCode: 'x',
      verificationUri: 'https://x.example',
      expiresInMs: 1,
      intervalMs: 1,
    }),
  'a sign-in': async (oauth) => {
    const signIn = createSignIn({ oauth, scopes, store: createMemoryStore(), clock: createManualClock() });
    const { state } = await signIn.start({ redirectUri });
    return signIn.finish(`${redirectUri}?code=${canary}-code&state=${state}`);
  },
};

describe('secrets never stand in errors', () => {
  for (const [call, run] of Object.entries(calls)) {
    for (const [name, reply] of Object.entries(misdeeds)) {
      it(`of ${call} that meets ${name}`, async () => {
        const oauth = createOAuth({
          authority: authorityOf(environment, tenantId),
          app: { clientId, secret: new Secret(`${canary}~se+cr&et %`) },
          send: async (request) => {
            expect(String(request.body)).to.contain(canary);
            return reply(request);
          },
          clock: createManualClock(),
        });
        const error: unknown = await run(oauth).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(ConnectorError);
        const shown = [JSON.stringify(error), String(error), inspect(error, { depth: 10, showHidden: true })];
        expect(shown.join('\n')).not.to.contain(canary);
      });
    }
  }

  it('nor in what is printed of tokens', async () => {
    const oauth = createOAuth({
      authority: authorityOf(environment, tenantId),
      app: { clientId, secret: new Secret(`${canary}~se+cr&et %`) },
      send: async () =>
        respond({
          status: 200,
          body: { access_token: canary, refresh_token: canary, token_type: 'Bearer', expires_in: 60 },
        }),
      clock: createManualClock(),
    });
    const tokens = await oauth.clientToken(scopes);
    for (const thing of [tokens, oauth]) {
      expect(JSON.stringify(thing) + String(thing) + inspect(thing, { depth: 10 })).not.to.contain(canary);
    }
    expect(tokens.refresh?.reveal()).to.equal(canary);
  });
});
