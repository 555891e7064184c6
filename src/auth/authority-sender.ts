import { ConnectorError } from '../errors/connector-error.ts';
import type { HttpRequest, HttpResponse, SendRequest } from '../model/http.ts';
import type { Clock } from '../model/world.ts';

/** A token request ends after this; shorter than the lease of a shared sign-in. */
export const requestTimeoutMs = 20_000;
const maxBytes = 4 * 1024 * 1024;

/** An answer, read to its end. */
export interface ReadResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Sends one request to a sign-in or discovery host and reads the whole answer, within a time and a size.
 * Redirects are answers like any other: nothing here follows one. What is wrong with the line or the service
 * (and not with the request) is thrown as NETWORK, TIMEOUT, THROTTLED or UNAVAILABLE.
 */
export async function sendToAuthority(
  send: SendRequest,
  clock: Clock,
  request: HttpRequest,
): Promise<ReadResponse> {
  const host = new URL(request.url).host;
  const answered = await withinTime(clock, { host, callers: request.signal }, (signal) =>
    exchange(send, { ...request, signal }),
  );
  if (answered.status === 429) throw throttled(host, answered);
  if (answered.status >= 500) {
    throw new ConnectorError('UNAVAILABLE', `${host} answered with ${answered.status}.`, {
      status: answered.status,
    });
  }
  return answered;
}

async function exchange(send: SendRequest, request: HttpRequest): Promise<ReadResponse> {
  const response: HttpResponse = await send(request);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new ConnectorError('RESPONSE_TOO_LARGE', `${new URL(request.url).host} answered with too much.`);
    }
    chunks.push(chunk);
  }
  const decoder = new TextDecoder();
  const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
  return { status: response.status, headers: response.headers, text };
}

/** Runs `work`, and aborts it at the time limit or with the caller's signal. */
async function withinTime<T>(
  clock: Clock,
  { host, callers }: { readonly host: string; readonly callers: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const seconds = requestTimeoutMs / 1000;
  const timeUp = new ConnectorError('TIMEOUT', `${host} did not answer within ${seconds} s.`);
  const limit = new AbortController();
  const timer = new AbortController();
  const expiry = clock.sleep(requestTimeoutMs, timer.signal).then(
    () => limit.abort(timeUp),
    () => new Promise<never>(() => {}),
  );
  const signal = callers === undefined ? limit.signal : AbortSignal.any([callers, limit.signal]);
  try {
    // The race ends even when a sender does not listen to its signal.
    return await Promise.race([work(signal), expiry.then(() => Promise.reject(timeUp))]);
  } catch (error) {
    if (limit.signal.aborted) throw timeUp;
    if (callers?.aborted) throw new ConnectorError('ABORTED', `The request to ${host} was cancelled.`);
    if (error instanceof ConnectorError) throw error;
    // The sender's own error may carry the request, and the request carries secrets: nothing of it goes on.
    throw new ConnectorError('NETWORK', `${host} could not be reached.`, {
      advice: `Check the network, the proxy and whether ${host} resolves; then repeat.`,
    });
  } finally {
    timer.abort();
  }
}

function throttled(host: string, { status, headers }: ReadResponse): ConnectorError {
  const seconds = Number(headers['retry-after']);
  return new ConnectorError('THROTTLED', `${host} asks us to slow down.`, {
    status,
    ...(Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {}),
  });
}
