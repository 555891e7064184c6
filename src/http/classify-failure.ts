import type { RawResponse } from './pipeline-request.ts';
import { parseRetryAfter } from './retry-after.ts';
import { TransportError } from './transport-error.ts';

/** What is known of an attempt that did not go well. */
export interface FailureKind {
  /** Whether the request may have been carried out. */
  readonly executed: 'no' | 'perhaps';
  /** The organization is there and asks us to slow down. */
  readonly throttled: boolean;
  /** The wait that the server asked for. */
  readonly retryAfterMs?: number;
}

/**
 * Reads one outcome; undefined when there is nothing to repeat: an answer, good or bad, is an answer.
 * A 429, and a 503 that names a time, were refused before execution; a gateway's 502, 503 or 504 and a broken
 * line say nothing about what happened behind them.
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
 * How long to wait before attempt `failed + 1`. Told: never less than told, and a little more at random so that
 * callers who were told the same do not return together. Untold: exponential with full jitter.
 */
export function retryDelayMs(failure: FailureKind, failed: number, random: () => number): number {
  const doubled = 2 ** Math.min(failed - 1, 16);
  if (failure.throttled || failure.retryAfterMs !== undefined) {
    const delayMs = Math.max(failure.retryAfterMs ?? minThrottleMs * doubled, minThrottleMs);
    return delayMs + Math.floor(random() * Math.min(delayMs / 20, 1_000));
  }
  return Math.floor(random() * Math.min(firstBackoffMs * doubled, maxBackoffMs));
}
