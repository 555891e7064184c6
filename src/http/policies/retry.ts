import { ConnectorError } from '../../errors/connector-error.ts';
import type { RuntimeServices } from '../../model/runtime-services.ts';
import { abortedError } from '../aborted-error.ts';
import { classifyFailure, type FailureKind, retryDelayMs } from '../classify-failure.ts';
import type { PipelineRequest, Policy, RawResponse, SendRequest } from '../pipeline-request.ts';
import { createRetryBudget } from '../retry-budget.ts';
import { TransportError } from '../transport-error.ts';
import type { LogFields } from './log.ts';

/** `maxAttempts`: how often a failing request is sent, waits for 429 not counted. */
export interface RetryOptions {
  readonly services: Pick<RuntimeServices, 'clock' | 'random' | 'log'>;
  readonly maxAttempts: number;
}

/**
 * Goes again where that is safe. Refused before execution (429, 503 with a time, no connection): any method.
 * Perhaps carried out: everything but `once`. A wait that was asked for is never cut short: when it does not
 * fit before the call's deadline, the call fails now and says when to come back.
 */
export function retryPolicy({ services, maxAttempts }: RetryOptions): Policy {
  const budget = createRetryBudget(services.clock);
  return async (request, next) => {
    let failed = 0;
    let throttled = 0;
    for (;;) {
      const outcome = await tryOnce(request, next);
      const failure = classifyFailure(outcome, services.clock.now());
      if (failure === undefined) budget.deposit();
      if (failure === undefined || !canRetry(request, failure)) return unwrapOutcome(outcome);
      const nth = failure.throttled ? ++throttled : ++failed;
      const wait = retryDelayMs(failure, nth, services.random);
      if (services.clock.now() + wait > request.deadline) return unwrapOutcome(outcome);
      if (!failure.throttled && (failed >= maxAttempts || !budget.tryWithdraw()))
        return unwrapOutcome(outcome);
      services.log({ level: 'info', event: 'http.wait', fields: describeWait(request, outcome, wait) });
      await services.clock.sleep(wait, request.signal);
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
    // There was no token to be had, or no room: this attempt was never sent.
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
  wait: number,
): LogFields {
  const { operation, requestId, state } = request;
  const why = outcome instanceof TransportError ? { code: outcome.code } : { status: outcome.status };
  return { operation, requestId, attempt: state.attempts, waitMs: wait, ...why };
}
