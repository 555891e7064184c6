import { backoffBoundMs, withJitter } from '../backoff.ts';

/** What a failed delivery says about its target. */
export interface TargetFailure {
  /** The delivery took its full time, and one of the places of the worker. */
  readonly timedOut: boolean;
  /** The wait that the target requested. */
  readonly retryAfterMs?: number;
}

/** A target is blocked after this number of failures in a row, or after one that timed out. */
const maxFailures = 5;
const blockBounds = { initialDelayMs: 5000, maxDelayMs: 300_000 };
/** The longest wait of a receiver that is obeyed. */
export const maxTargetRetryAfterMs = 3_600_000;

/**
 * The circuit breaker of a target: how long it gets no events after a failure. Then one event is delivered as a probe. The
 * block doubles from 5 seconds to 5 minutes with each failed probe. 0 if the target is not blocked.
 *
 * @param failures failures of the target in a row, at least 1
 */
export function targetBlockMs(
  failures: number,
  { timedOut, retryAfterMs }: TargetFailure,
  random: () => number,
): number {
  if (retryAfterMs !== undefined) return Math.min(Math.max(retryAfterMs, 1000), maxTargetRetryAfterMs);
  const blocks = timedOut ? failures : failures - maxFailures + 1;
  return blocks < 1 ? 0 : withJitter(backoffBoundMs(blocks, blockBounds), random);
}
