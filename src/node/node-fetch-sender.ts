import http from 'node:http';
import https from 'node:https';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ConnectorError } from '../errors/connector-error.ts';
import type { HttpRequest, HttpSender } from '../model/http.ts';

/**
/**
 * Requests the body without decompression. `decompress` is for Bun, which replaces node-fetch by its own `fetch`: that
 * ignores `compress`, decompresses, and keeps the header `content-encoding`. https://bun.com/docs/runtime/networking/fetch
 */
const rawResponse = { compress: false, decompress: false };

/**
 * Creates a sender that uses node-fetch with keep-alive connections. The library is loaded with the first request.
 * Redirects are not followed. Throws SETTING_INVALID if certificate verification is disabled for the process, because
 * then a token could be sent to any server.
 */
export function createNodeFetchSender(env: NodeJS.ProcessEnv = process.env): HttpSender {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    throw new ConnectorError(
      'SETTING_INVALID',
      'NODE_TLS_REJECT_UNAUTHORIZED=0 disables certificate verification.',
      {
        advice:
          'Remove the variable. Add the certificate of your own certificate authority with NODE_EXTRA_CA_CERTS.',
      },
    );
  }
  const plain = new http.Agent({ keepAlive: true });
  const secure = new https.Agent({ keepAlive: true });
  // Kept, because another import() takes a quarter of the time of a request.
  let library: Promise<typeof import('node-fetch')> | undefined;
  return async ({ url, method, headers, body, signal }: HttpRequest) => {
    library ??= import('node-fetch');
    const { default: fetch } = await library;
    const response = await fetch(url, {
      method,
      headers: { ...headers, 'accept-encoding': 'gzip' },
      redirect: 'manual',
      // Decompressed below, because node-fetch accepts an incomplete gzip stream.
      ...rawResponse,
      agent: ({ protocol }) => (protocol === 'http:' ? plain : secure),
      body: body === undefined || typeof body === 'string' ? body : Buffer.from(body),
      signal,
    }).catch((error: unknown) => {
      throw withoutUrl(error);
    });
    const raw = response.body as Readable | null;
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: raw === null ? emptyBody() : decompress(raw, response.headers.get('content-encoding')),
    };
  };
}

/** The messages of node-fetch contain the complete URL, and a filter in it contains personal data. */
function withoutUrl(error: unknown): Error {
  const { code, name } = error as NodeJS.ErrnoException;
  return Object.assign(new Error(`The request failed (${code ?? name}).`), { code });
}

function decompress(body: Readable, encoding: string | null): AsyncIterable<Uint8Array> {
  if (encoding !== 'gzip') return body;
  // `pipeline` forwards errors and an early end of reading in both directions. The reader receives the error.
  return pipeline(body, createGunzip(), () => {});
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
