/** How many requests may run at once: grows by one for each round that went well, halves on a refusal. */
export interface Width {
  /** Whole requests, at least one. */
  now(): number;
  /** The organisation recommends a degree of parallelism (`x-ms-dop-hint`): where we start and where we stop. */
  recommend(hint: number): void;
  /** The hard limit of concurrent requests is shared by so many limiters. */
  share(limiters: number): void;
  /** A request that used the last place went well. */
  grow(): void;
  /** A request that was sent at `sentAt` was turned away. */
  halve(sentAt: number, now: number): void;
}

const gently = 2;

/** Makes a width that starts gently and never exceeds `concurrent`. */
export function createWidth(concurrent: number): Width {
  let width = gently;
  let hint: number | undefined;
  let share = concurrent;
  let halvedAt = Number.NEGATIVE_INFINITY;
  const most = () => Math.max(1, Math.min(hint ?? concurrent, share));
  return {
    now: () => Math.max(1, Math.floor(Math.min(width, most()))),
    recommend(degree) {
      if (hint === undefined && halvedAt === Number.NEGATIVE_INFINITY) width = degree;
      hint = degree;
    },
    share(limiters) {
      share = concurrent / limiters;
    },
    grow() {
      width = Math.min(most(), width + 1 / width);
    },
    halve(sentAt, now) {
      // Requests that were under way together are turned away together: that is one sign, not many.
      if (sentAt <= halvedAt) return;
      halvedAt = now;
      width = Math.max(1, Math.min(width, most()) / 2);
    },
  };
}
