/** An amount and the time at which it leaves the window. */
export type ExpiringUsage = readonly [at: number, amount: number];

/** The time from which requests may be sent, and how much may be used per millisecond from then on. */
export interface SteadyRate {
  readonly startsAt: number;
  readonly perMs: number;
}

/**
 * Computes the highest constant rate that stays below the limit at all times, given the usage that leaves the window
 * later. It starts as soon as `need` fits into the window.
 */
export function computeSteadyRate(
  expiring: readonly ExpiringUsage[],
  now: number,
  { limit, need, windowMs }: { readonly limit: number; readonly need: number; readonly windowMs: number },
): SteadyRate {
  const inOrder = [...expiring].sort((a, b) => a[0] - b[0]);
  let available = limit;
  for (const [, amount] of inOrder) available -= amount;
  let startsAt = now;
  let perMs = limit / windowMs;
  for (const [at, amount] of inOrder) {
    if (available < need) startsAt = at;
    else if (at > startsAt) perMs = Math.min(perMs, available / (at - startsAt));
    available += amount;
  }
  return { startsAt, perMs };
}
