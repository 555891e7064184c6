import http from 'node:http';
import https from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ConnectorError } from '../errors/connector-error.ts';
import type { HttpRequest, HttpSender } from '../model/http.ts';

/**
 * Asks for the body as it was sent. `decompress` is for Bun, which replaces node-fetch by its own `fetch`: that ignores
 * `compress`, decompresses, and keeps the header `content-encoding`. https://bun.com/docs/runtime/networking/fetch
 */
const rawResponse = { compress: false, decompress: false };

/**
 * Sends with node-fetch over kept-alive connections; the only importer of that library, which is loaded with
 * the first request. Never follows a redirect. Throws SETTING_INVALID where the process has switched the
 * verification of certificates off: a token must not go to whoever answers.
 */
export function createNodeFetchSender(env: NodeJS.ProcessEnv = process.env): HttpSender {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    throw new ConnectorError(
      'SETTING_INVALID',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 switches off the verification of certificates.',
      { advice: 'Remove it; give the certificate of your own authority with NODE_EXTRA_CA_CERTS instead.' },
    );
  }
  const plain = new http.Agent({ keepAlive: true });
  const secure = new https.Agent({ keepAlive: true });
  // Kept: importing again would cost a quarter of a request each time.
  let library: Promise<typeof import('node-fetch')> | undefined;
  return async ({ url, method, headers, body, signal }: HttpRequest) => {
    library ??= import('node-fetch');
    const { default: fetch } = await library;
    const response = await fetch(url, {
      method,
      headers: { ...headers, 'accept-encoding': 'gzip' },
      redirect: 'manual',
      // Unpacked below: node-fetch takes a cut-off gzip stream for a complete one.
      ...rawResponse,
      agent: ({ protocol }) => (protocol === 'http:' ? plain : secure),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : Buffer.from(body) }),
      ...(signal === undefined ? {} : { signal }),
    }).catch((error: unknown) => {
      throw withoutUrl(error);
    });
    const raw = response.body as Readable | null;
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: raw === null ? emptyBody() : unpack(raw, response.headers.get('content-encoding')),
    };
  };
}

/** node-fetch quotes the whole URL in its messages, and a filter holds personal data. */
function withoutUrl(error: unknown): Error {
  const { code, name } = error as NodeJS.ErrnoException;
  return Object.assign(
    new Error(`The request failed (${code ?? name}).`),
    code === undefined ? {} : { code },
  );
}

function unpack(body: Readable, encoding: string | null): AsyncIterable<Uint8Array> {
  if (encoding !== 'gzip') return body;
  // pipeline hands errors and an early end of reading on in both directions; its result is the iteration's.
  return pipeline(body, createGunzip(), () => {});
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
