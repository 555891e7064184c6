import {
  countHolders,
  entriesInWindow,
  pruneBudget,
  type RateBudget,
  sumUsage,
  type UsageEntry,
} from './rate-budget.ts';
import { type ServiceLimits, windowMs } from './service-limits.ts';
import { computeSteadyRate } from './steady-rate.ts';

/** A number of requests that a limiter may send without asking again: at most a hundredth of the limits. */
export interface Lease {
  readonly requests: number;
  /** In the past where there is something to catch up. */
  readonly startsAt: number;
  /** Time between two of them; 0 while there is plenty. */
  readonly intervalMs: number;
  /** What was not sent by then may no longer be. */
  readonly until: number;
  /** How many limiters work on this budget, this one included. */
  readonly holders: number;
}

/** What a limiter asks for. */
export interface LeaseRequest {
  readonly holder: string;
  readonly requests: number;
  /** Requests that are under way. */
  readonly inFlight: number;
  /** What one request is expected to cost on the server. */
  readonly executionMs: number;
}

// What the server sees a moment later than we, and several processes a moment apart, needs a little air.
const usableShare = 0.98;
// Up to here nobody waits; the rest is spread, so that nobody meets a closed window.
const unpacedShare = 0.5;
const leaseMs = 10_000;
// Longest stretch that one of several processes gets while requests are spread.
const maxStretchMs = 500;
// What was not sent in time, because everything was busy, may be caught up with this far back.
const maxCatchUpMs = 5_000;

/** Grants a lease and enters it. The limiter's last report must have been settled. */
export function grantLease(
  budget: RateBudget,
  {
    order: request,
    limits,
    now,
  }: { readonly order: LeaseRequest; readonly limits: ServiceLimits; readonly now: number },
): { readonly budget: RateBudget; readonly lease: Lease } {
  const { startsAt, intervalMs } = schedule(budget, { order: request, limits, now });
  const maxRequests =
    intervalMs === 0 ? onePercent(limits, request.executionMs) : Math.floor(maxStretchMs / intervalMs);
  const requests = Math.max(1, Math.min(request.requests, maxRequests));
  const until = Math.max(startsAt, now) + leaseMs;
  // What is under way is half done in the mean, and as much leaves the window until it is over.
  const executionMs = Math.round((requests + request.inFlight / 2) * request.executionMs);
  const after: RateBudget = {
    ...pruneBudget(budget, now),
    nextAt: startsAt + requests * intervalMs,
    leased: { ...budget.leased, [request.holder]: [until, requests, executionMs] },
  };
  return {
    budget: after,
    lease: { requests, startsAt, intervalMs, until, holders: countHolders(after, now) },
  };
}

function onePercent(limits: ServiceLimits, executionMs: number): number {
  return Math.floor(Math.min(limits.maxRequests, limits.maxExecutionMs / Math.max(1, executionMs)) / 100);
}

function schedule(
  budget: RateBudget,
  {
    order: request,
    limits,
    now,
  }: { readonly order: LeaseRequest; readonly limits: ServiceLimits; readonly now: number },
): Pick<Lease, 'startsAt' | 'intervalMs'> {
  const entries = entriesInWindow(budget, now);
  const used = sumUsage(entries);
  if (
    used.requests < limits.maxRequests * unpacedShare &&
    used.executionMs < limits.maxExecutionMs * unpacedShare
  ) {
    return { startsAt: now, intervalMs: 0 };
  }
  const rate = (part: 1 | 2, limit: number, need: number) =>
    computeSteadyRate(
      entries.map((entry: UsageEntry) => [entry[0] + windowMs, entry[part]]),
      now,
      {
        limit: limit * usableShare,
        need,
        windowMs,
      },
    );
  const byRequests = rate(1, limits.maxRequests, 1);
  const byExecution = rate(2, limits.maxExecutionMs, request.executionMs);
  const opensAt = Math.max(byRequests.startsAt, byExecution.startsAt);
  const nextAt = Math.min(budget.nextAt, now + windowMs);
  return {
    startsAt: opensAt > now ? Math.max(opensAt, nextAt) : Math.max(now - maxCatchUpMs, nextAt),
    intervalMs: Math.max(1 / byRequests.perMs, request.executionMs / byExecution.perMs),
  };
}
