import { parseRetryAfter } from '../model/retry-after.ts';
import type { RawResponse } from './pipeline-request.ts';
import { TransportError } from './transport-error.ts';

/** The properties of a failed attempt that decide about a retry. */
export interface FailureKind {
  /** Whether the organization may have carried out the request. */
  readonly executed: 'no' | 'perhaps';
  /** The organization or the authority answered 429. */
  readonly throttled: boolean;
  /** The wait that the server requested. */
  readonly retryAfterMs?: number;
}

/**
 * Classifies the outcome of one attempt; undefined if it must not be retried. A 429, and a 503 with `Retry-After`, are
 * returned before execution. After a 502, a 504, another 503 or a broken connection, it is unknown whether the
 * organization carried out the request.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export function classifyFailure(outcome: RawResponse | TransportError, now: number): FailureKind | undefined {
  if (outcome instanceof TransportError) {
    const throttled = outcome.code === 'THROTTLED';
    return {
      executed: outcome.maybeSent ? 'perhaps' : 'no',
      throttled,
      retryAfterMs: outcome.details.retryAfterMs,
    };
  }
  const delayMs = parseRetryAfter(outcome.headers, now);
  switch (outcome.status) {
    case 429:
      return { executed: 'no', throttled: true, retryAfterMs: delayMs };
    case 503:
      return { executed: delayMs === undefined ? 'perhaps' : 'no', throttled: false, retryAfterMs: delayMs };
    case 502:
    case 504:
      return { executed: 'perhaps', throttled: false };
    default:
      return undefined;
  }
}

const firstBackoffMs = 500;
const maxBackoffMs = 30_000;
const minThrottleMs = 1_000;

/**
 * Returns the wait before the next attempt, after `failed` failed ones. If the server requested a wait, it is never
 * shortened, and up to 5 % (1 s) are added at random so that callers do not return together. Otherwise: exponential
 * backoff with full jitter.
 */
export function retryDelayMs(failure: FailureKind, failed: number, random: () => number): number {
  const doubled = 2 ** Math.min(failed - 1, 16);
  if (failure.throttled || failure.retryAfterMs !== undefined) {
    const delayMs = Math.max(failure.retryAfterMs ?? minThrottleMs * doubled, minThrottleMs);
    return delayMs + Math.floor(random() * Math.min(delayMs / 20, 1_000));
  }
  return Math.floor(random() * Math.min(firstBackoffMs * doubled, maxBackoffMs));
}
