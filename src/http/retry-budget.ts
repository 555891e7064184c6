import type { Clock } from '../model/runtime-services.ts';

/** How many more repeats a connection may send before they would become a load of their own. */
export interface RetryBudget {
  /** A call came to a clear answer: it earns a tenth of a repeat. */
  deposit(): void;
  /** Takes one repeat out of the reserve; false when it is empty. */
  tryWithdraw(): boolean;
}

const capacity = 50;
const depositPerRequest = 0.1;
const refillMs = 60_000;

/**
 * A token bucket over all calls of a connection. In good times it allows a repeat for every tenth call and a
 * burst of fifty (a server that drops all its connections at once); in an outage nothing is earned, so the
 * added load fades to one repeat a minute, which keeps a quiet connection from starving.
 */
export function createRetryBudget(clock: Clock): RetryBudget {
  let left = capacity;
  let filledAt = clock.now();
  return {
    deposit() {
      left = Math.min(capacity, left + depositPerRequest);
    },
    tryWithdraw() {
      const now = clock.now();
      left = Math.min(capacity, left + Math.max(0, now - filledAt) / refillMs);
      filledAt = now;
      if (left < 1) return false;
      left -= 1;
      return true;
    },
  };
}
