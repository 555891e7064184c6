import type { HttpMethod, HttpSender } from '../model/http.ts';
import type { Clock } from '../model/runtime-services.ts';
import { sendToAuthority } from './send-to-authority.ts';

/** The subset of `fetch` that the OAuth library uses. */
export type OAuthFetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: URLSearchParams;
  },
) => Promise<Response>;

const secretParameters = [
  'client_secret',
  'client_assertion',
  'assertion',
  'refresh_token',
  'code',
  'code_verifier',
  'device_code',
];

/**
 * Creates a `fetch` over our sender for one grant, and `scrub`, which removes the secrets of the request from a text,
 * because an authority may repeat them in its error descriptions.
 */
export function createOAuthFetch(options: {
  readonly send: HttpSender;
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}): { readonly fetch: OAuthFetch; readonly scrub: (text: string) => string } {
  const secrets: string[] = [];
  const fetch: OAuthFetch = async (url, { method, headers, body }) => {
    secrets.push(...secretParameters.map((name) => body?.get(name) ?? ''));
    const {
      status,
      headers: responseHeaders,
      text,
    } = await sendToAuthority(options.send, options.clock, {
      method: method as HttpMethod,
      url,
      headers,
      body: body?.toString(),
      signal: options.signal,
    });
    // Only the content type is kept: with a challenge in the headers, the library would not read the error in the body.
    const type = responseHeaders['content-type'];
    return new Response(text, {
      status,
      headers: type === undefined ? {} : { 'content-type': type },
    });
  };
  const scrub = (text: string) =>
    secrets
      .flatMap(encodeSecret)
      .reduce((scrubbed, secret) => scrubbed.replaceAll(secret, '[redacted]'), text);
  return { fetch, scrub };
}

/** Returns a secret unchanged and URL-encoded. Short secrets are skipped, because they may occur in words. */
function encodeSecret(secret: string): readonly string[] {
  if (secret.length < 8) return [];
  return [secret, encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)];
}
