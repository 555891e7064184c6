import type { Clock } from '../model/runtime-services.ts';

/** Limits the number of retries of a connection, so that retries do not overload a failing service. */
export interface RetryBudget {
  /** Adds a tenth of a retry. Call it after a clear response. */
  deposit(): void;
  /** Takes one retry; false when the budget is empty. */
  tryWithdraw(): boolean;
}

const capacity = 50;
const depositPerRequest = 0.1;
const refillMs = 60_000;

/**
 * Creates a token bucket for all calls of a connection: one retry for every ten successful calls, and at most fifty at
 * once (for a server that drops all its connections). In an outage only one retry per minute is added, so that a
 * connection with few calls can still retry.
 */
export function createRetryBudget(clock: Clock): RetryBudget {
  let balance = capacity;
  let filledAt = clock.now();
  return {
    deposit() {
      balance = Math.min(capacity, balance + depositPerRequest);
    },
    tryWithdraw() {
      const now = clock.now();
      balance = Math.min(capacity, balance + Math.max(0, now - filledAt) / refillMs);
      filledAt = now;
      if (balance < 1) return false;
      balance -= 1;
      return true;
    },
  };
}
