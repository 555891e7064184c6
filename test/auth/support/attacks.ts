import type { HttpRequest, HttpResponse } from '../../../src/model/http.ts';
import { jwt, respond, tenantId } from './scripted-authority.ts';

/** Everything secret that goes through these calls carries this word. */
export const canary = 'canary-7f3c';

type AttackResponse = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** What an authority, a proxy or a broken line may do, repeating our own request back at us. */
export const attacks: Readonly<Record<string, AttackResponse>> = {
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
