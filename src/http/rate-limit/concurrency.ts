/** How many requests may run at once: grows by one for each round that went well, halves on a refusal. */
export interface ConcurrencyLimit {
  /** Whole requests, at least one. */
  current(): number;
  /** The organization recommends a degree of parallelism (`x-ms-dop-hint`): where we start and where we stop. */
  applyHint(hint: number): void;
  /** The hard limit of concurrent requests is shared by so many limiters. */
  divideBy(limiters: number): void;
  /** A request that used the last place went well. */
  grow(): void;
  /** A request that was sent at `sentAt` was turned away. */
  halve(sentAt: number, now: number): void;
}

const initialConcurrency = 2;

/** Makes a width that starts gently and never exceeds `concurrent`. */
export function createConcurrencyLimit(concurrent: number): ConcurrencyLimit {
  let concurrency = initialConcurrency;
  let hint: number | undefined;
  let share = concurrent;
  let halvedAt = Number.NEGATIVE_INFINITY;
  const max = () => Math.max(1, Math.min(hint ?? concurrent, share));
  return {
    current: () => Math.max(1, Math.floor(Math.min(concurrency, max()))),
    applyHint(degree) {
      if (hint === undefined && halvedAt === Number.NEGATIVE_INFINITY) concurrency = degree;
      hint = degree;
    },
    divideBy(limiters) {
      share = concurrent / limiters;
    },
    grow() {
      concurrency = Math.min(max(), concurrency + 1 / concurrency);
    },
    halve(sentAt, now) {
      // Requests that were under way together are turned away together: that is one sign, not many.
      if (sentAt <= halvedAt) return;
      halvedAt = now;
      concurrency = Math.max(1, Math.min(concurrency, max()) / 2);
    },
  };
}
