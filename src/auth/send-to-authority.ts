import { ConnectorError } from '../errors/connector-error.ts';
import type { HttpRequest, HttpResponse, HttpSender } from '../model/http.ts';
import { isLoopbackHost } from '../model/loopback.ts';
import { parseRetryAfter } from '../model/retry-after.ts';
import type { Clock } from '../model/runtime-services.ts';

/** Timeout of a token request. It is shorter than the lease of a shared sign-in. */
export const authorityTimeoutMs = 20_000;
const maxResponseBytes = 4 * 1024 * 1024;

/** A response that was read completely. */
export interface AuthorityResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Sends one request to a sign-in or discovery host and reads the complete response, with a maximum time and size.
 * Redirects are returned and not followed. Throws NETWORK, TIMEOUT, THROTTLED, UNAVAILABLE or RESPONSE_TOO_LARGE, and
 * ABORTED.
 */
export async function sendToAuthority(
  send: HttpSender,
  clock: Clock,
  request: HttpRequest,
): Promise<AuthorityResponse> {
  const host = new URL(request.url).host;
  const response = await withTimeout(clock, { host, callerSignal: request.signal }, (signal) =>
    sendAndRead(send, { ...request, signal }),
  );
  const { status } = response;
  if (status === 429) throw throttled(host, response, clock.now());
  if (status >= 500) throw new ConnectorError('UNAVAILABLE', `${host} answered HTTP ${status}.`, { status });
  return response;
}

async function sendAndRead(send: HttpSender, request: HttpRequest): Promise<AuthorityResponse> {
  const response: HttpResponse = await send(request);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxResponseBytes) {
      throw new ConnectorError(
        'RESPONSE_TOO_LARGE',
        `The response of ${new URL(request.url).host} is larger than ${maxResponseBytes} bytes.`,
      );
    }
    chunks.push(chunk);
  }
  const decoder = new TextDecoder();
  const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
  return { status: response.status, headers: response.headers, text };
}

/** Runs `work`, and aborts it at the timeout or with the caller's signal. */
async function withTimeout<T>(
  clock: Clock,
  { host, callerSignal }: { readonly host: string; readonly callerSignal: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const seconds = authorityTimeoutMs / 1000;
  const timeoutError = new ConnectorError('TIMEOUT', `${host} did not answer within ${seconds} s.`);
  const timeout = new AbortController();
  const timer = new AbortController();
  const expiry = clock.sleep(authorityTimeoutMs, timer.signal).then(
    () => timeout.abort(timeoutError),
    () => new Promise<never>(() => {}),
  );
  const signal =
    callerSignal === undefined ? timeout.signal : AbortSignal.any([callerSignal, timeout.signal]);
  try {
    // The race also ends if the sender ignores its signal.
    return await Promise.race([work(signal), expiry.then(() => Promise.reject(timeoutError))]);
  } catch (error) {
    if (timeout.signal.aborted) throw timeoutError;
    if (callerSignal?.aborted) throw new ConnectorError('ABORTED', `The request to ${host} was canceled.`);
    if (error instanceof ConnectorError) throw error;
    // The error of the sender is not kept, because it may contain the request with its secrets.
    throw new ConnectorError('NETWORK', `${host} could not be reached.`, { advice: adviceOf(host) });
  } finally {
    timer.abort();
  }
}

function adviceOf(host: string): string {
  return isLoopbackHost(new URL(`https://${host}`).hostname)
    ? `No program listens at ${host} of this machine. If it was a sandbox, start it and use the connection that it prints.`
    : `Check the network, the proxy, and that the name ${host} resolves. Then try again.`;
}

function throttled(host: string, { status, headers }: AuthorityResponse, now: number): ConnectorError {
  return new ConnectorError('THROTTLED', `${host} limits the number of requests (HTTP ${status}).`, {
    status,
    retryAfterMs: parseRetryAfter(headers, now),
  });
}
