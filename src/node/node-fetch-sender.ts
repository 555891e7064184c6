import type { Agent } from 'node:http';
import type { Readable } from 'node:stream';
import type { HttpRequest, HttpSender } from '../model/http.ts';
import { assertVerifiedTls } from './network/assert-verified-tls.ts';
import { acceptEncoding, decompress } from './network/decompress.ts';
import { createNetwork, type Network } from './network/open-socket.ts';
import { toSendError } from './network/send-error.ts';
import { defaultIdleTimeoutMs, type SenderOptions } from './network/sender-options.ts';

/**
 * Requests the body without decompression. `decompress` is for Bun, which replaces node-fetch by its own `fetch`: that
 * ignores `compress`, decompresses, and keeps the header `content-encoding`. https://bun.com/docs/runtime/networking/fetch
 */
const rawResponse = { compress: false, decompress: false };

/**
 * Creates a sender that uses node-fetch with keep-alive connections. The library is loaded with the first request.
 * Redirects are not followed. Throws SETTING_INVALID if certificate verification is disabled for the process, because
 * then a token could be sent to any server, and for a proxy or a certificate that is not valid.
 *
 * @param env the variables of the proxy and of certificate authorities are read from here
 */
export function createNodeFetchSender(
  env: NodeJS.ProcessEnv = process.env,
  options: SenderOptions = {},
): HttpSender {
  assertVerifiedTls(env);
  const network = createNetwork(env, options);
  const { idleTimeoutMs = defaultIdleTimeoutMs } = options;
  // Kept, because another import() takes a quarter of the time of a request.
  let library: Promise<FetchWithAgents> | undefined;
  return async ({ url, method, headers, body, signal }: HttpRequest) => {
    library ??= loadLibrary(network, idleTimeoutMs);
    const { fetch, plain, secure } = await library;
    const response = await fetch(url, {
      method,
      headers: { ...headers, 'accept-encoding': acceptEncoding },
      redirect: 'manual',
      // Decompressed below, because node-fetch accepts an incomplete gzip stream.
      ...rawResponse,
      agent: ({ protocol }) => (protocol === 'http:' ? plain : secure),
      body:
        body === undefined || typeof body === 'string'
          ? body
          : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
      signal,
    }).catch((error: unknown) => {
      throw toSendError(error, url, network.findProxy);
    });
    const raw = response.body as Readable | null;
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: decompress(
        raw === null ? emptyBody() : endAtIdleTimeout(raw, idleTimeoutMs),
        response.headers.get('content-encoding') ?? undefined,
      ),
    };
  };
}

interface FetchWithAgents {
  readonly fetch: typeof import('node-fetch').default;
  readonly plain: Agent;
  readonly secure: Agent;
}

async function loadLibrary(network: Network, idleTimeoutMs: number): Promise<FetchWithAgents> {
  const { default: fetch } = await import('node-fetch');
  return {
    fetch,
    plain: createAgent(network, idleTimeoutMs, false),
    secure: createAgent(network, idleTimeoutMs, true),
  };
}

/** An agent whose connections are those of our network. */
function createAgent(network: Network, idleTimeoutMs: number, isSecure: boolean): Agent {
  // Not imported: `import 'node:http'` takes 30 ms more, because it reads all members of the module.
  const module = isSecure ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
  const createConnection: Agent['createConnection'] = ({ host, port }, callback) => {
    const target = { isSecure, hostname: host ?? 'localhost', port: Number(port) };
    network.openSocket(target).then(
      (socket) =>
        callback?.(
          null,
          socket.setTimeout(idleTimeoutMs, () => socket.destroy(idleTimeoutError())),
        ),
      (error: Error) => callback?.(error, null as never),
    );
    return undefined;
  };
  return Object.assign(new module.Agent({ keepAlive: true, timeout: idleTimeoutMs }), { createConnection });
}

function idleTimeoutError(): Error {
  return Object.assign(new Error('No byte arrived in time.'), { code: 'ETIMEDOUT' });
}

/** node-fetch removes the timeout of the connection when the headers arrive. A slow reader is not a slow server. */
async function* endAtIdleTimeout(body: Readable, idleTimeoutMs: number): AsyncGenerator<Uint8Array> {
  const startTimer = () => setTimeout(() => body.destroy(idleTimeoutError()), idleTimeoutMs);
  let timer = startTimer();
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      yield chunk;
      timer = startTimer();
    }
  } finally {
    clearTimeout(timer);
  }
}

async function* emptyBody(): AsyncGenerator<Uint8Array> {}
