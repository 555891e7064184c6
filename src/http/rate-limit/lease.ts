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

/** A number of requests that a limiter may send before it takes the next lease: at most 1 % of the limits. */
export interface Lease {
  readonly requests: number;
  /** In the past if requests were not sent in time and may be sent now. */
  readonly startsAt: number;
  /** Time between two requests; 0 while less than half of the limits is used. */
  readonly intervalMs: number;
  /** The lease expires at this time. */
  readonly until: number;
  /** Number of limiters that hold a lease on this budget, this one included. */
  readonly holders: number;
}

/** A request for a lease. */
export interface LeaseRequest {
  readonly holder: string;
  readonly requests: number;
  /** Requests that were sent and have no response yet. */
  readonly inFlight: number;
  /** Expected execution time of one request on the server. */
  readonly executionMs: number;
}

// The server and other processes count requests a few milliseconds later, so 2 % stays unused.
const usableShare = 0.98;
// Requests are sent without delay until this share is used. The rest is spread over the window, so that no request has
// to wait for a full window.
const unpacedShare = 0.5;
const leaseMs = 10_000;
// The longest time that one lease covers while requests are spread, so that several processes take turns.
const maxStretchMs = 500;
// Requests that could not be sent in time may be sent later, up to this long.
const maxCatchUpMs = 5_000;

/** What may be used in a window. */
type AllowedUsage = Pick<ServiceLimits, 'maxRequests' | 'maxExecutionMs'>;

/** The request, the limits of the organization, and the current time in milliseconds. */
interface GrantOptions {
  readonly request: LeaseRequest;
  readonly limits: AllowedUsage;
  readonly now: number;
}

/** Grants a lease and adds it to the budget. Apply the limiter's last report to the budget before. */
export function grantLease(
  budget: RateBudget,
  { request, limits, now }: GrantOptions,
): { readonly budget: RateBudget; readonly lease: Lease } {
  const { startsAt, intervalMs } = schedule(budget, { request, limits, now });
  const maxRequests =
    intervalMs === 0 ? onePercent(limits, request.executionMs) : Math.floor(maxStretchMs / intervalMs);
  const requests = Math.max(1, Math.min(request.requests, maxRequests));
  const until = Math.max(startsAt, now) + leaseMs;
  // Requests in flight have used half of their execution time on average.
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

function onePercent(limits: AllowedUsage, executionMs: number): number {
  return Math.floor(Math.min(limits.maxRequests, limits.maxExecutionMs / Math.max(1, executionMs)) / 100);
}

function schedule(
  budget: RateBudget,
  { request, limits, now }: GrantOptions,
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
      { limit: limit * usableShare, need, windowMs },
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
