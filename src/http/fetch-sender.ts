import type { HttpSender } from '../model/http.ts';

/**
 * Creates a sender that uses a WHATWG `fetch` (https://fetch.spec.whatwg.org), such as that of Node.js, undici with a
 * dispatcher, or one of the platform. Redirects are not followed. `fetch` decompresses the body.
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

/** The messages of `fetch` may contain the URL, and a filter in it personal data. Only the code of the cause is kept. */
function withoutUrl(error: unknown): Error {
  const { name, cause } = error as Error & { readonly cause?: { readonly code?: string } };
  const code = cause?.code;
  return Object.assign(new Error(`The request failed (${code ?? name}).`), { code });
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
