/**
 * The number of concurrent requests (additive increase, multiplicative decrease): grows by one when as many requests
 * have succeeded, and is halved by a 429.
 */
export interface ConcurrencyLimit {
  /** The current limit, at least 1. */
  current(): number;
  /** Sets the degree of parallelism that the organization recommends (`x-ms-dop-hint`): the start value and maximum. */
  applyHint(hint: number): void;
  /** Divides the organization's maximum by the number of limiters that share it. */
  divideBy(limiters: number): void;
  /** Call when a request succeeded that ran at the limit. */
  grow(): void;
  /** Call when the organization answered 429 to a request that was sent at `sentAt`. */
  halve(sentAt: number, now: number): void;
}

const initialConcurrency = 2;

/** Creates a limit that starts at 2 and never exceeds `maxConcurrent`. */
export function createConcurrencyLimit(maxConcurrent: number): ConcurrencyLimit {
  let concurrency = initialConcurrency;
  let hint: number | undefined;
  let share = maxConcurrent;
  let halvedAt = Number.NEGATIVE_INFINITY;
  const max = () => Math.max(1, Math.min(hint ?? maxConcurrent, share));
  return {
    current: () => Math.max(1, Math.floor(Math.min(concurrency, max()))),
    applyHint(degree) {
      if (hint === undefined && halvedAt === Number.NEGATIVE_INFINITY) concurrency = degree;
      hint = degree;
    },
    divideBy(limiters) {
      share = maxConcurrent / limiters;
    },
    grow() {
      concurrency = Math.min(max(), concurrency + 1 / concurrency);
    },
    halve(sentAt, now) {
      // Several 429s to requests that were in flight together count once.
      if (sentAt <= halvedAt) return;
      halvedAt = now;
      concurrency = Math.max(1, Math.min(concurrency, max()) / 2);
    },
  };
}
