import { backoffBoundMs, withJitter } from '../backoff.ts';

/** How long an event is delivered again. */
export interface DeliveryRetry {
  /** An event becomes a dead letter when it was retried for at least this time, in milliseconds. */
  readonly retryForMs: number;
  /** Longest delay between two attempts, in milliseconds. */
  readonly maxRetryDelayMs: number;
  /** An event becomes a dead letter after this number of attempts, also before the time has passed. */
  readonly maxAttempts?: number;
}

/** Three days, so that a receiver can be down from Friday evening to Monday morning. */
export const defaultDeliveryRetry: DeliveryRetry = { retryForMs: 259_200_000, maxRetryDelayMs: 1_800_000 };

/** Delays after an event was refused: five attempts within ten minutes. */
const refusalDelaysMs = [5000, 25_000, 120_000, 300_000];

/** When an event is delivered again; undefined if it becomes a dead letter. */
export type NextAttempt = number | undefined;

/**
 * The delay after a failed attempt: it doubles from 5 seconds to the longest delay, and is between one half of that and
 * all of it. The number of attempts decides about the end, not the clock, so a clock that jumps changes nothing.
 *
 * @param attempt 1 for the first attempt
 */
export function nextAttemptInMs(
  attempt: number,
  { retryForMs, maxRetryDelayMs, maxAttempts = Number.POSITIVE_INFINITY }: DeliveryRetry,
  random: () => number,
): NextAttempt {
  const bounds = { initialDelayMs: 5000, maxDelayMs: maxRetryDelayMs };
  let minRetriedMs = 0;
  for (let n = 1; n < attempt; n++) minRetriedMs += backoffBoundMs(n, bounds) / 2;
  if (attempt >= maxAttempts || minRetriedMs >= retryForMs) return undefined;
  return withJitter(backoffBoundMs(attempt, bounds), random);
}

/**
 * The delay after the target refused the event itself.
 *
 * @param refusals 1 for the first refusal
 */
export function nextAttemptAfterRefusalMs(refusals: number, random: () => number): NextAttempt {
  const delayMs = refusalDelaysMs[refusals - 1];
  return delayMs === undefined ? undefined : withJitter(delayMs, random);
}
