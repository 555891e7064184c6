import { ConnectorError } from '../../errors/connector-error.ts';
import type { RuntimeServices } from '../../model/runtime-services.ts';
import { abortedError } from '../aborted-error.ts';
import { classifyFailure, type FailureKind, retryDelayMs } from '../classify-failure.ts';
import type { PipelineRequest, Policy, RawResponse, SendRequest } from '../pipeline-request.ts';
import type { RetryBudget } from '../retry-budget.ts';
import { TransportError } from '../transport-error.ts';
import type { LogFields } from './log.ts';

/** `maxAttempts`: how often a failing request is sent. Attempts that end with a 429 do not count. */
export interface RetryOptions {
  readonly services: Pick<RuntimeServices, 'clock' | 'random' | 'log'>;
  readonly maxAttempts: number;
  /** Shared by all calls of a connection. */
  readonly budget: RetryBudget;
}

/**
 * Sends a failed request again if that is safe. If it was not executed (429, 503 with `Retry-After`, no connection), any
 * request is sent again; if it may have been executed, all except those with the safety `once`. A wait that the server
 * requested is never shortened: if it ends after the call's deadline, the call fails immediately and its error contains
 * `retryAfterMs`.
 */
export function retryPolicy({ services, maxAttempts, budget }: RetryOptions): Policy {
  return async (request, next) => {
    let failed = 0;
    let throttled = 0;
    for (;;) {
      const outcome = await tryOnce(request, next);
      const failure = classifyFailure(outcome, services.clock.now());
      if (failure === undefined) budget.deposit();
      if (failure === undefined || !canRetry(request, failure)) return unwrapOutcome(outcome);
      const failures = failure.throttled ? ++throttled : ++failed;
      const waitMs = retryDelayMs(failure, failures, services.random);
      if (services.clock.now() + waitMs > request.deadline) return unwrapOutcome(outcome);
      if (!failure.throttled && (failed >= maxAttempts || !budget.tryWithdraw()))
        return unwrapOutcome(outcome);
      services.log({ level: 'info', event: 'http.wait', fields: describeWait(request, outcome, waitMs) });
      await services.clock.sleep(waitMs, request.signal);
    }
  };
}

async function tryOnce(request: PipelineRequest, next: SendRequest): Promise<RawResponse | TransportError> {
  if (request.signal?.aborted) throw abortedError();
  try {
    return await next(request);
  } catch (error) {
    if (error instanceof TransportError) return error;
    if (!(error instanceof ConnectorError) || !error.retryable) throw error;
    // The error comes from the token source or the rate limiter, so this attempt was not sent.
    return new TransportError(error.code, error.message, { ...error.details, maybeSent: false });
  }
}

function canRetry(request: PipelineRequest, failure: FailureKind): boolean {
  if (failure.executed === 'no') return true;
  request.state.ambiguous = true;
  return request.safety !== 'once';
}

function unwrapOutcome(outcome: RawResponse | TransportError): RawResponse {
  if (outcome instanceof TransportError) throw outcome;
  return outcome;
}

function describeWait(
  request: PipelineRequest,
  outcome: RawResponse | TransportError,
  waitMs: number,
): LogFields {
  const { operation, requestId, state } = request;
  const reason = outcome instanceof TransportError ? { code: outcome.code } : { status: outcome.status };
  return { operation, requestId, attempt: state.attempts, waitMs, ...reason };
}
