/** An amount and the time at which it leaves the window. */
export type Leaving = readonly [at: number, amount: number];

/** When there is room again, and how much may be spent for each millisecond from then on. */
export interface SteadyRate {
  readonly opensAt: number;
  readonly perMs: number;
}

/**
 * The fastest even pace that never has to stop: whatever will leave the window, and whenever, spending at this
 * rate stays below the limit. It begins as soon as `need` fits.
 */
export function steadyRate(
  leaving: readonly Leaving[],
  now: number,
  { limit, need, windowMs }: { readonly limit: number; readonly need: number; readonly windowMs: number },
): SteadyRate {
  const inOrder = [...leaving].sort((a, b) => a[0] - b[0]);
  let room = limit;
  for (const [, amount] of inOrder) room -= amount;
  let opensAt = now;
  let perMs = limit / windowMs;
  for (const [at, amount] of inOrder) {
    if (room < need) opensAt = at;
    else if (at > opensAt) perMs = Math.min(perMs, room / (at - opensAt));
    room += amount;
  }
  return { opensAt, perMs };
}
