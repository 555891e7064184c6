import type { HttpRequest, HttpResponse } from '../../../src/model/http.ts';
import { jwt, respond, tenantId } from './scripted-authority.ts';

/** All secrets in these requests contain this text. */
export const canary = 'canary-7f3c';

type AttackResponse = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

/** Responses and failures of an authority or a proxy, which repeat secrets of the request. */
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
    const repeated = Array.from(new URLSearchParams(String(body))).join(' ');
    const all = {
      error: repeated,
      error_description: repeated,
      suberror: repeated,
      trace_id: repeated,
      correlation_id: repeated,
    };
    return respond({ status: 401, body: all });
  },
  'HTML with 200': ({ body }) => respond({ status: 200, body: `<html>${body}</html>`, type: 'text/html' }),
  'HTML with 400': ({ body }) => respond({ status: 400, body: `<html>${body}</html>`, type: 'text/html' }),
  'incomplete JSON': ({ body }) => respond({ status: 200, body: `{"access_token": "${body}` }),
  'a token of another type': () =>
    respond({ status: 200, body: { access_token: canary, token_type: 'mac' } }),
  'a token response without token type': () => respond({ status: 200, body: { access_token: canary } }),
  'an id token of another issuer': () =>
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
  'a sender error that contains the request': (request) => {
    throw Object.assign(new Error(`failed: ${request.body}`), { request, cause: request });
  },
  'a connection that breaks inside the body': (request) => ({
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
