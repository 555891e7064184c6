import { ConnectorError } from '../errors/connector-error.ts';
import type { HttpRequest, HttpResponse, HttpSender } from '../model/http.ts';
import type { Clock } from '../model/runtime-services.ts';

/** A token request ends after this; shorter than the lease of a shared sign-in. */
export const authorityTimeoutMs = 20_000;
const maxResponseBytes = 4 * 1024 * 1024;

/** An answer, read to its end. */
export interface AuthorityResponse {
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
  send: HttpSender,
  clock: Clock,
  request: HttpRequest,
): Promise<AuthorityResponse> {
  const host = new URL(request.url).host;
  const answered = await withTimeout(clock, { host, callers: request.signal }, (signal) =>
    sendAndRead(send, { ...request, signal }),
  );
  if (answered.status === 429) throw throttled(host, answered);
  if (answered.status >= 500) {
    throw new ConnectorError('UNAVAILABLE', `${host} answered with ${answered.status}.`, {
      status: answered.status,
    });
  }
  return answered;
}

async function sendAndRead(send: HttpSender, request: HttpRequest): Promise<AuthorityResponse> {
  const response: HttpResponse = await send(request);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maxResponseBytes) {
      throw new ConnectorError('RESPONSE_TOO_LARGE', `${new URL(request.url).host} answered with too much.`);
    }
    chunks.push(chunk);
  }
  const decoder = new TextDecoder();
  const text = chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode();
  return { status: response.status, headers: response.headers, text };
}

/** Runs `work`, and aborts it at the time limit or with the caller's signal. */
async function withTimeout<T>(
  clock: Clock,
  { host, callers: callerSignal }: { readonly host: string; readonly callers: AbortSignal | undefined },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const seconds = authorityTimeoutMs / 1000;
  const timeUp = new ConnectorError('TIMEOUT', `${host} did not answer within ${seconds} s.`);
  const limit = new AbortController();
  const timer = new AbortController();
  const expiry = clock.sleep(authorityTimeoutMs, timer.signal).then(
    () => limit.abort(timeUp),
    () => new Promise<never>(() => {}),
  );
  const signal = callerSignal === undefined ? limit.signal : AbortSignal.any([callerSignal, limit.signal]);
  try {
    // The race ends even when a sender does not listen to its signal.
    return await Promise.race([work(signal), expiry.then(() => Promise.reject(timeUp))]);
  } catch (error) {
    if (limit.signal.aborted) throw timeUp;
    if (callerSignal?.aborted) throw new ConnectorError('ABORTED', `The request to ${host} was canceled.`);
    if (error instanceof ConnectorError) throw error;
    // The sender's own error may carry the request, and the request carries secrets: nothing of it goes on.
    throw new ConnectorError('NETWORK', `${host} could not be reached.`, {
      advice: `Check the network, the proxy and whether ${host} resolves; then repeat.`,
    });
  } finally {
    timer.abort();
  }
}

function throttled(host: string, { status, headers }: AuthorityResponse): ConnectorError {
  const seconds = Number(headers['retry-after']);
  return new ConnectorError('THROTTLED', `${host} asks us to slow down.`, {
    status,
    ...(Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: seconds * 1000 } : {}),
  });
}
