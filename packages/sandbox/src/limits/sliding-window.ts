/** Sums the amounts of the last `lengthMs` milliseconds, with a resolution of one second. */
export interface SlidingWindow {
  add(amount: number): void;
  /** The sum within the window. */
  total(): number;
  /** Milliseconds until the total falls below `limit` if nothing is added. */
  msUntilBelow(limit: number): number;
}

/** Creates an empty window. `now`: milliseconds since the epoch, never decreasing. */
export function createSlidingWindow(lengthMs: number, now: () => number): SlidingWindow {
  const bySecond = new Map<number, number>();
  let sum = 0;
  const dropExpired = () => {
    for (const [second, amount] of bySecond) {
      if (second * 1000 + lengthMs > now()) break;
      bySecond.delete(second);
      sum -= amount;
    }
  };
  return {
    add(amount) {
      const second = Math.floor(now() / 1000);
      bySecond.set(second, (bySecond.get(second) ?? 0) + amount);
      sum += amount;
    },
    total() {
      dropExpired();
      return sum;
    },
    msUntilBelow(limit) {
      dropExpired();
      let remaining = sum;
      for (const [second, amount] of bySecond) {
        if (remaining < limit) break;
        remaining -= amount;
        if (remaining < limit) return second * 1000 + lengthMs - now();
      }
      return 0;
    },
  };
}
