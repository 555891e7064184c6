import type { HttpSender } from '../model/http.ts';

/**
 * A sender over a WHATWG `fetch` (https://fetch.spec.whatwg.org): Node.js's own, undici's with a dispatcher, or one
 * that a platform wraps. Redirects are never followed; `fetch` has decompressed the body already.
 */
export function createFetchSender(fetchFunction: typeof globalThis.fetch): HttpSender {
  return async ({ url, method, headers, body, signal }) => {
    const response = await fetchFunction(url, {
      method,
      headers,
      body: body as FetchBody,
      signal: signal ?? null,
      redirect: 'manual',
    }).catch((error: unknown) => {
      throw withoutUrl(error);
    });
    const { 'content-encoding': _, 'content-length': __, ...received } = Object.fromEntries(response.headers);
    return { status: response.status, headers: received, body: response.body ?? emptyBody() };
  };
}

type FetchBody = NonNullable<Parameters<typeof globalThis.fetch>[1]>['body'];

/** Messages of fetch may quote the URL, and a filter in it may hold personal data; the code of the cause stays. */
function withoutUrl(error: unknown): Error {
  const { name, cause } = error as Error & { readonly cause?: { readonly code?: string } };
  const code = cause?.code;
  return Object.assign(new Error(`The request failed (${code ?? name}).`), { code });
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
