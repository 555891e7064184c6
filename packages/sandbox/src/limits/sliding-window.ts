/** Sums what was added during the last stretch of time, to the second. */
export interface SlidingWindow {
  add(amount: number): void;
  /** What was added within the window. */
  total(): number;
  /** Milliseconds until the total has fallen below `limit` by itself. */
  untilBelow(limit: number): number;
}

/** Makes an empty window of `lengthMs`; `now` is milliseconds since the epoch and never goes back. */
export function slidingWindow(lengthMs: number, now: () => number): SlidingWindow {
  const bySecond = new Map<number, number>();
  let sum = 0;
  const forget = () => {
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
      forget();
      return sum;
    },
    untilBelow(limit) {
      forget();
      let left = sum;
      for (const [second, amount] of bySecond) {
        if (left < limit) break;
        left -= amount;
        if (left < limit) return second * 1000 + lengthMs - now();
      }
      return 0;
    },
  };
}
