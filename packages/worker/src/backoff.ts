/** Bounds of the delay before a retry, in milliseconds. */
export interface BackoffOptions {
  /** Longest delay after the first failure. It doubles with each further failure. */
  readonly initialDelayMs: number;
  /** Longest delay after any number of failures. */
  readonly maxDelayMs: number;
}

/** The delays of failed polls. */
export const defaultBackoff: BackoffOptions = { initialDelayMs: 5000, maxDelayMs: 1_800_000 };

/**
 * Exponential backoff with full jitter: a random delay below a bound that doubles with each failure in a row, so that
 * clients that fail at the same time do not retry at the same time.
 * https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param failures failures in a row, at least 1
 * @param random a number from 0 (included) to 1 (excluded)
 */
export function backoffDelayMs(failures: number, random: () => number, options: BackoffOptions): number {
  return Math.round(random() * backoffBoundMs(failures, options));
}

/** The longest delay after this number of failures in a row, at least 1. */
export function backoffBoundMs(failures: number, { initialDelayMs, maxDelayMs }: BackoffOptions): number {
  return Math.min(maxDelayMs, initialDelayMs * 2 ** Math.min(failures - 1, 30));
}

/** A random delay between one half of the bound and the bound. */
export function withJitter(boundMs: number, random: () => number): number {
  return Math.round((boundMs * (1 + random())) / 2);
}
