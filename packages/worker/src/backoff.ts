/** How long to wait before the next try. */
export interface BackoffOptions {
  /** Longest wait after the first failure, and after many. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
}

/** Of a poll that failed, and of a delivery that was refused. */
export const defaultBackoff: BackoffOptions = { initialDelayMs: 5000, maxDelayMs: 1_800_000 };

/**
 * Full jitter: anything up to a bound that doubles with each failure in a row, so that many who failed together
 * do not come back together. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffDelayMs(
  failures: number,
  random: () => number,
  { initialDelayMs, maxDelayMs }: BackoffOptions,
): number {
  const bound = Math.min(maxDelayMs, initialDelayMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(random() * bound);
}
