/** How long to wait before the next try. */
export interface BackOff {
  /** Longest wait after the first failure, and after many. */
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Of a poll that failed, and of a delivery that was refused. */
export const patience: BackOff = { firstMs: 5000, mostMs: 1_800_000 };

/**
 * Full jitter: anything up to a bound that doubles with each failure in a row, so that many who failed together
 * do not come back together. https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backOffMs(failures: number, random: () => number, { firstMs, mostMs }: BackOff): number {
  const bound = Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(random() * bound);
}
