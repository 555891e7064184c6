import type { HttpMethod, HttpSender } from '../model/http.ts';
import type { Clock } from '../model/runtime-services.ts';
import { sendToAuthority } from './send-to-authority.ts';

/** As much of fetch as the OAuth library uses. */
export type OAuthFetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: URLSearchParams | undefined;
  },
) => Promise<Response>;

const secretParameters = [
  'client_secret',
  'client_assertion',
  'refresh_token',
  'code',
  'code_verifier',
  'device_code',
];

/**
 * A fetch over our sender, for one exchange, and `scrub`, which takes the secrets that went out with it out of
 * a text: an authority may repeat them in its error descriptions.
 */
export function createOAuthFetch(options: {
  readonly send: HttpSender;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}): { readonly fetch: OAuthFetch; readonly scrub: (text: string) => string } {
  const secrets: string[] = [];
  const fetch: OAuthFetch = async (url, { method, headers, body }) => {
    secrets.push(...secretParameters.map((name) => body?.get(name) ?? ''));
    const answer = await sendToAuthority(options.send, options.clock, {
      method: method as HttpMethod,
      url,
      headers,
      ...(body === undefined ? {} : { body: body.toString() }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    // Only the content type goes on: a challenge in the headers would hide the reason in the body.
    const type = answer.headers['content-type'];
    return new Response(answer.text, {
      status: answer.status,
      headers: type === undefined ? {} : { 'content-type': type },
    });
  };
  const scrub = (text: string) =>
    secrets.flatMap(secretEncodings).reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text);
  return { fetch, scrub };
}

/** A secret as it may be repeated: as it is, or as it stood in the form. Shorter ones would be found in words. */
function secretEncodings(secret: string): readonly string[] {
  if (secret.length < 8) return [];
  return [secret, encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)];
}
