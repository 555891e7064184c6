/** An amount and the time at which it leaves the window. */
export type ExpiringUsage = readonly [at: number, amount: number];

/** When there is room again, and how much may be spent for each millisecond from then on. */
export interface SteadyRate {
  readonly startsAt: number;
  readonly perMs: number;
}

/**
 * The fastest even pace that never has to stop: whatever will leave the window, and whenever, spending at this
 * rate stays below the limit. It begins as soon as `need` fits.
 */
export function computeSteadyRate(
  expiring: readonly ExpiringUsage[],
  now: number,
  { limit, need, windowMs }: { readonly limit: number; readonly need: number; readonly windowMs: number },
): SteadyRate {
  const inOrder = [...expiring].sort((a, b) => a[0] - b[0]);
  let available = limit;
  for (const [, amount] of inOrder) available -= amount;
  let opensAt = now;
  let perMs = limit / windowMs;
  for (const [at, amount] of inOrder) {
    if (available < need) opensAt = at;
    else if (at > opensAt) perMs = Math.min(perMs, available / (at - opensAt));
    available += amount;
  }
  return { startsAt: opensAt, perMs };
}
