import { type Budget, countHolders, countingAt, type Entry, prune, total } from './budget.ts';
import { type ServiceLimits, windowMs } from './limits.ts';
import { steadyRate } from './steady-rate.ts';

/** A number of requests that a limiter may send without asking again: at most a hundredth of the limits. */
export interface Lease {
  readonly requests: number;
  /** In the past where there is something to catch up. */
  readonly startsAt: number;
  /** Time between two of them; 0 while there is plenty. */
  readonly everyMs: number;
  /** What was not sent by then may no longer be. */
  readonly until: number;
  /** How many limiters work on this budget, this one included. */
  readonly holders: number;
}

/** What a limiter asks for. */
export interface Order {
  readonly holder: string;
  readonly requests: number;
  /** Requests that are under way. */
  readonly running: number;
  /** What one request is expected to cost on the server. */
  readonly executionMs: number;
}

// What the server sees a moment later than we, and several processes a moment apart, needs a little air.
const spendable = 0.98;
// Up to here nobody waits; the rest is spread, so that nobody meets a closed window.
const plenty = 0.5;
const leaseMs = 10_000;
// Longest stretch that one of several processes gets while requests are spread.
const turnMs = 500;
// What was not sent in time, because everything was busy, may be caught up with this far back.
const creditMs = 5_000;

/** Grants a lease and enters it. The limiter's last report must have been settled. */
export function takeLease(
  budget: Budget,
  { order, limits, now }: { readonly order: Order; readonly limits: ServiceLimits; readonly now: number },
): { readonly budget: Budget; readonly lease: Lease } {
  const { startsAt, everyMs } = schedule(budget, { order, limits, now });
  const fits = everyMs === 0 ? onePercent(limits, order.executionMs) : Math.floor(turnMs / everyMs);
  const requests = Math.max(1, Math.min(order.requests, fits));
  const until = Math.max(startsAt, now) + leaseMs;
  // What is under way is half done in the mean, and as much leaves the window until it is over.
  const executionMs = Math.round((requests + order.running / 2) * order.executionMs);
  const after: Budget = {
    ...prune(budget, now),
    nextAt: startsAt + requests * everyMs,
    held: { ...budget.held, [order.holder]: [until, requests, executionMs] },
  };
  return { budget: after, lease: { requests, startsAt, everyMs, until, holders: countHolders(after, now) } };
}

function onePercent(limits: ServiceLimits, executionMs: number): number {
  return Math.floor(Math.min(limits.requests, limits.executionMs / Math.max(1, executionMs)) / 100);
}

function schedule(
  budget: Budget,
  { order, limits, now }: { readonly order: Order; readonly limits: ServiceLimits; readonly now: number },
): Pick<Lease, 'startsAt' | 'everyMs'> {
  const entries = countingAt(budget, now);
  const used = total(entries);
  if (used.requests < limits.requests * plenty && used.executionMs < limits.executionMs * plenty) {
    return { startsAt: now, everyMs: 0 };
  }
  const rate = (part: 1 | 2, limit: number, need: number) =>
    steadyRate(
      entries.map((entry: Entry) => [entry[0] + windowMs, entry[part]]),
      now,
      {
        limit: limit * spendable,
        need,
        windowMs,
      },
    );
  const byRequests = rate(1, limits.requests, 1);
  const byExecution = rate(2, limits.executionMs, order.executionMs);
  const opensAt = Math.max(byRequests.opensAt, byExecution.opensAt);
  const nextAt = Math.min(budget.nextAt, now + windowMs);
  return {
    startsAt: opensAt > now ? Math.max(opensAt, nextAt) : Math.max(now - creditMs, nextAt),
    everyMs: Math.max(1 / byRequests.perMs, order.executionMs / byExecution.perMs),
  };
}
