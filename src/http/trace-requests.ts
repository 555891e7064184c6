import { ConnectorError } from '../errors/connector-error.ts';
import type { HttpSender } from '../model/http.ts';
import type { Clock } from '../model/runtime-services.ts';
import {
  serverAddressOf,
  type Telemetry,
  type Work,
  type WorkOutcome,
  type WorkSpan,
} from '../model/telemetry.ts';
import type { AccessToken, TokenSource } from '../model/token.ts';
import type { PipelineRequest, SendRequest } from './pipeline-request.ts';
import type { FindLimiter } from './policies/rate-limit.ts';
import { redactPath } from './redact-path.ts';

/** Tells `telemetry` about each attempt, and sends the `traceparent` of its span to the organization. */
export function traceAttempts(telemetry: Telemetry | undefined, send: SendRequest): SendRequest {
  if (telemetry === undefined) return send;
  return (request) => {
    const span = telemetry.start(toAttempt(request));
    const headers = { ...request.headers, ...span.headers() };
    return endWith(
      span,
      request.signal,
      () => span.run(() => send({ ...request, headers })),
      ({ status, headers: received }) => ({
        ...statusOutcome(status),
        serviceRequestId: received['x-ms-service-request-id'],
      }),
    );
  };
}

function toAttempt({ method, url: text, operation, requestId, state }: PipelineRequest): Work {
  const url = new URL(text);
  const [server, path] = [serverAddressOf(url), redactPath(url.pathname)];
  return { kind: 'attempt', method, server, path, operation, requestId, attempt: state.attempts + 1 };
}

/** HTTP calls a response of the classes 4xx and 5xx an error: the status names it. */
function statusOutcome(status: number): WorkOutcome {
  return status < 400 ? { status } : { status, error: String(status) };
}

/**
 * Tells `telemetry` about requests to other hosts than an organization: the sign-in authority, webhooks. Their paths can
 * have secrets, so they are left out. `propagates`: whether the host gets the `traceparent`.
 */
export function traceSender(
  telemetry: Telemetry | undefined,
  send: HttpSender,
  { propagates }: { readonly propagates: boolean },
): HttpSender {
  if (telemetry === undefined) return send;
  return (request) => {
    const { method, url, signal } = request;
    const server = serverAddressOf(new URL(url));
    const span = telemetry.start({ kind: 'attempt', method, server, path: '/…' });
    const headers = propagates ? { ...request.headers, ...span.headers() } : request.headers;
    return endWith(
      span,
      signal,
      () => span.run(() => send({ ...request, headers })),
      ({ status }) => statusOutcome(status),
    );
  };
}

/** Tells `telemetry` when a request has to wait for the rate limiter. */
export function traceLimiter(
  telemetry: Telemetry | undefined,
  clock: Pick<Clock, 'now'>,
  find: FindLimiter,
): FindLimiter {
  if (telemetry === undefined) return find;
  const traced: FindLimiter = async (waiter) => {
    const limiter = await find(waiter);
    return {
      tryAcquire: (now) => limiter.tryAcquire(now),
      unblock: () => limiter.unblock(),
      quota: () => limiter.quota(),
      async acquire(request) {
        const admitted = limiter.tryAcquire(clock.now());
        if (admitted !== undefined) return admitted;
        const span = telemetry.start({ kind: 'wait', reason: 'rate-limit' });
        return await endWith(span, undefined, () => limiter.acquire(request));
      },
    };
  };
  return Object.assign(traced, { current: () => find.current?.() });
}

/** Tells `telemetry` when a call has to wait for an access token. */
export function traceTokens(
  telemetry: Telemetry | undefined,
  clock: Pick<Clock, 'now'>,
  tokens: TokenSource,
): TokenSource {
  if (telemetry === undefined) return tokens;
  return {
    peekToken: (now) => tokens.peekToken?.(now),
    async getToken(request): Promise<AccessToken> {
      const known = tokens.peekToken?.(clock.now());
      if (known !== undefined && request?.rejectedToken === undefined) return known;
      const span = telemetry.start({ kind: 'wait', reason: 'token' });
      return await endWith(span, undefined, () => span.run(() => tokens.getToken(request)));
    },
  };
}

/** A clock for the pauses between attempts, which tells `telemetry` about each. */
export function tracePauses(telemetry: Telemetry | undefined, clock: Clock): Clock {
  if (telemetry === undefined) return clock;
  return {
    now: () => clock.now(),
    sleep(ms, signal) {
      const span = telemetry.start({ kind: 'wait', reason: 'retry' });
      return endWith(span, undefined, () => clock.sleep(ms, signal));
    },
  };
}

/**
 * Ends a span with the outcome of its work, or as soon as the signal aborts: the caller does not wait for a sender that
 * ignores its signal.
 */
async function endWith<T>(
  span: WorkSpan,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  toOutcome: (result: T) => WorkOutcome = () => ({}),
): Promise<T> {
  let isOver = false;
  const end = (outcome: WorkOutcome) => {
    if (!isOver) span.end(outcome);
    isOver = true;
  };
  const onAbort = () => end({ error: codeOf(signal?.reason) });
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const result = await work();
    end(toOutcome(result));
    return result;
  } catch (error) {
    end({ error: codeOf(error) });
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
  }
}

/** The code of an error; the message can contain values. */
function codeOf(error: unknown): string {
  if (ConnectorError.is(error)) return error.code;
  return error instanceof Error ? error.name : 'UNEXPECTED';
}
