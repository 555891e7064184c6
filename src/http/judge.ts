import { NoAnswer } from './no-answer.ts';
import type { Reply } from './passage.ts';
import { retryAfterMs } from './retry-after.ts';

/** What is known of an attempt that did not go well. */
export interface Fault {
  /** Whether the request may have been carried out. */
  readonly carriedOut: 'no' | 'perhaps';
  /** The organisation is there and asks us to slow down. */
  readonly throttled: boolean;
  /** The wait that the server asked for. */
  readonly toldMs?: number;
}

/**
 * Reads one outcome; undefined when there is nothing to repeat: an answer, good or bad, is an answer.
 * A 429, and a 503 that names a time, were refused before execution; a gateway's 502, 503 or 504 and a broken
 * line say nothing about what happened behind them.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export function judge(outcome: Reply | NoAnswer, now: number): Fault | undefined {
  if (outcome instanceof NoAnswer) {
    const throttled = outcome.code === 'THROTTLED';
    return { carriedOut: outcome.sent ? 'perhaps' : 'no', throttled, toldMs: outcome.details.retryAfterMs };
  }
  const toldMs = retryAfterMs(outcome.headers, now);
  switch (outcome.status) {
    case 429:
      return { carriedOut: 'no', throttled: true, toldMs };
    case 503:
      return { carriedOut: toldMs === undefined ? 'perhaps' : 'no', throttled: false, toldMs };
    case 502:
    case 504:
      return { carriedOut: 'perhaps', throttled: false };
    default:
      return undefined;
  }
}

const firstBackoffMs = 500;
const longestBackoffMs = 30_000;
const leastThrottleMs = 1_000;

/**
 * How long to wait before attempt `failed + 1`. Told: never less than told, and a little more at random so that
 * callers who were told the same do not return together. Untold: exponential with full jitter.
 */
export function waitMs(fault: Fault, failed: number, random: () => number): number {
  const doubled = 2 ** Math.min(failed - 1, 16);
  if (fault.throttled || fault.toldMs !== undefined) {
    const told = Math.max(fault.toldMs ?? leastThrottleMs * doubled, leastThrottleMs);
    return told + Math.floor(random() * Math.min(told / 20, 1_000));
  }
  return Math.floor(random() * Math.min(firstBackoffMs * doubled, longestBackoffMs));
}
