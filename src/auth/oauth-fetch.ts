import type { Method, SendRequest } from '../model/http.ts';
import type { Clock } from '../model/world.ts';
import { sendToAuthority } from './authority-sender.ts';

/** As much of fetch as the OAuth library uses. */
export type Fetch = (
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
export function createFetch(options: {
  readonly send: SendRequest;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}): { readonly fetch: Fetch; readonly scrub: (text: string) => string } {
  const secrets: string[] = [];
  const fetch: Fetch = async (url, { method, headers, body }) => {
    secrets.push(...secretParameters.map((name) => body?.get(name) ?? ''));
    const answer = await sendToAuthority(options.send, options.clock, {
      method: method as Method,
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
    secrets.flatMap(spellings).reduce((clean, secret) => clean.replaceAll(secret, '[redacted]'), text);
  return { fetch, scrub };
}

/** A secret as it may be repeated: as it is, or as it stood in the form. Shorter ones would be found in words. */
function spellings(secret: string): readonly string[] {
  if (secret.length < 8) return [];
  return [secret, encodeURIComponent(secret), new URLSearchParams({ '': secret }).toString().slice(1)];
}
