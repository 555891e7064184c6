import type { IncomingHttpHeaders } from 'node:http';
import { causeCode } from '../http/transport-error.ts';
import type { HttpRequest, HttpResponse, HttpSender } from '../model/http.ts';
import { assertVerifiedTls } from './network/assert-verified-tls.ts';
import { acceptEncoding, decompress } from './network/decompress.ts';
import { targetOf } from './network/find-proxy.ts';
import { createNetwork, type Network } from './network/open-socket.ts';
import { ResponseBody } from './network/response-body.ts';
import { toSendError } from './network/send-error.ts';
import { defaultIdleTimeoutMs, type SenderOptions } from './network/sender-options.ts';
import type { Agent, Dispatcher } from './network/undici.ts';

/**
 * Creates a sender that uses `dispatch` of undici with keep-alive connections: a quarter of the processor time of
 * node-fetch. The library is loaded with the first request. Redirects are not followed. Throws SETTING_INVALID like
 * `createNodeFetchSender`.
 *
 * @param env the variables of the proxy and of certificate authorities are read from here
 */
export function createUndiciSender(
  env: NodeJS.ProcessEnv = process.env,
  options: SenderOptions = {},
): HttpSender {
  assertVerifiedTls(env);
  const network = createNetwork(env, options);
  const splitUrl = createUrlSplitter();
  let loading: Promise<Agent> | undefined;
  let agent: Agent | undefined;
  return async (request) => {
    loading ??= createAgent(network, options);
    agent ??= await loading;
    try {
      return await dispatch(agent, splitUrl(request.url), request);
    } catch (error) {
      throw toSendError(error, request.url, network.findProxy);
    }
  };
}

function dispatch(
  agent: Agent,
  target: UrlParts,
  { method, headers, body, signal }: HttpRequest,
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const options: Dispatcher.DispatchOptions = {
      ...target,
      method,
      headers: { ...headers, 'accept-encoding': acceptEncoding },
      body,
    };
    agent.dispatch(options, new Exchange(signal, resolve, reject));
  });
}

/** Idle connections are closed before Azure's load balancers, which close them after 4 minutes, can do it. */
const keepAliveTimeout = 30_000;

async function createAgent(
  network: Network,
  { idleTimeoutMs = defaultIdleTimeoutMs }: SenderOptions,
): Promise<Agent> {
  const { createUndiciAgent } = await import('./network/undici.ts');
  return createUndiciAgent({
    keepAliveTimeout,
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    connect(target, callback) {
      network.openSocket(targetOf(target)).then(
        (socket) => callback(null, socket),
        (error: Error) => callback(error, null),
      );
    },
  });
}

/** One request and its response. https://undici.nodejs.org/#/docs/api/Dispatcher */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (response: HttpResponse) => void;
  readonly #reject: (error: Error) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #body: ResponseBody | undefined;

  constructor(
    signal: AbortSignal | undefined,
    resolve: (response: HttpResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    signal?.addEventListener('abort', this.#abort, { once: true });
  }

  readonly #abort = () => {
    const error = abortError();
    this.#controller?.abort(error);
    this.#fail(error);
  };

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#signal?.aborted) controller.abort(abortError());
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    received: IncomingHttpHeaders,
  ): void {
    // Interim responses, such as 103, come before the one that counts.
    if (status < 200) return;
    const headers = joinRepeated(received);
    this.#body = new ResponseBody({
      pause: () => controller.pause(),
      resume: () => controller.resume(),
      cancel: () => controller.abort(abortError()),
    });
    this.#resolve({ status, headers, body: decompress(this.#body, headers['content-encoding']) });
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Uint8Array): void {
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#body?.end();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#fail(withSystemCode(error));
  }

  #fail(error: Error): void {
    if (this.#body === undefined) this.#reject(error);
    else this.#body.end(error);
  }
}

function abortError(): Error {
  return Object.assign(new Error('The request was aborted.'), { code: 'ABORT_ERR' });
}

function joinRepeated(headers: IncomingHttpHeaders): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    joined[name] = typeof value === 'string' ? value : (value ?? []).join(', ');
  }
  return joined;
}

/** The codes of the system for errors that undici has codes of its own for. */
const systemCodes: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_HEADERS_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_BODY_TIMEOUT: 'ETIMEDOUT',
};

/** The error of undici with a code that does not depend on the sender. */
function withSystemCode(error: Error): Error {
  const code = systemCodes[causeCode(error) ?? ''];
  return code === undefined ? error : Object.assign(new Error('The connection failed.'), { code });
}

interface UrlParts {
  readonly origin: string;
  readonly path: string;
}

// What a `URL` would not change.

const plainUrl = /^(https?:\/\/[a-z0-9.-]+(?::\d+)?)(\/[\w\-~!$&()*+,;=:@/%.]*)$/;
const plainQuery = /^[\w\-~!$&()*+,;=:@/?%.]*$/;

/** Splits a URL. `URL` takes longer than the rest of sending, and most URLs come from it already. */
function createUrlSplitter(): (url: string) => UrlParts {
  // Most requests have the query of the last one: the columns of a table.
  let lastQuery = '';
  return (url) => {
    const end = url.indexOf('?');
    const query = end < 0 ? '' : url.slice(end);
    const [, origin, path] = plainUrl.exec(end < 0 ? url : url.slice(0, end)) ?? [];
    const isPlain = path !== undefined && !path.includes('/.');
    if (origin !== undefined && isPlain && (query === lastQuery || plainQuery.test(query))) {
      lastQuery = query;
      return { origin, path: path + query };
    }
    const parsed = new URL(url);
    return { origin: parsed.origin, path: parsed.pathname + parsed.search };
  };
}
