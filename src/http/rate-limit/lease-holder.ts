import type { Clock } from '../../model/runtime-services.ts';
import { effectiveLimits } from './learned-limits.ts';
import { grantLease, type Lease } from './lease.ts';
import {
  applyReport,
  dropFutureTimes,
  entriesInWindow,
  isPlausibleBlock,
  type RateBudget,
  sumUsage,
  type UsageReport,
} from './rate-budget.ts';
import type { RequestQuota } from './request-quota.ts';
import { type LimitSettings, windowMs } from './service-limits.ts';
import type { SharedBudget } from './shared-budget.ts';
import type { UsageTracker } from './usage-tracker.ts';

/** The parts of a lease holder. Times in milliseconds. */
export interface LeaseHolderOptions {
  readonly clock: Clock;
  readonly budget: SharedBudget;
  readonly limits: LimitSettings;
  readonly usage: UsageTracker;
  /** Unique among the holders that share the budget. */
  readonly id: string;
}

const noLease: Lease = { requests: 0, startsAt: 0, intervalMs: 0, until: 0, holders: 1 };
const minLeaseRequests = 10;
/** The block that other processes publish is read again when the last read is older than this. */
const maxStalenessMs = 1_000;

/** The current lease of one limiter, and the time until which the organization blocks the user. */
export class LeaseHolder {
  readonly #options: LeaseHolderOptions;
  #lease = noLease;
  #requestsLeft = 0;
  #nextAt = 0;
  #blockedUntil = 0;
  #takenAt = 0;
  #checkedAt = 0;
  /** The user's requests in the window when the lease was taken; those of the lease are not among them. */
  #used = 0;
  #limit = 0;

  constructor(options: LeaseHolderOptions) {
    this.#options = options;
  }

  /**
   * Nothing may be sent before this time, because the organization answered 429. A block that ends later than any block
   * can was set before the clock was put back, and is not obeyed.
   */
  get blockedUntil(): number {
    const until = this.#blockedUntil;
    return until !== 0 && isPlausibleBlock(until, this.#options.clock.now()) ? until : 0;
  }

  /** The time from which the lease allows the next request. */
  get nextAt(): number {
    return this.#nextAt;
  }

  /** What the user may still send, as of the last lease; undefined before the first one. */
  quota(now: number): RequestQuota | undefined {
    const blockedMs = this.blockedUntil - now;
    const left = this.#limit - this.#used - this.#lease.requests + this.#requestsLeft;
    if (this.#limit === 0) return undefined;
    return blockedMs > 0
      ? { limit: this.#limit, remaining: 0, windowMs, resetMs: blockedMs }
      : { limit: this.#limit, remaining: Math.max(0, left), windowMs, resetMs: windowMs };
  }

  /** True when the lease has expired or has no requests left, or was taken before the clock was put back. */
  isOver(now: number): boolean {
    return this.#requestsLeft === 0 || now >= this.#lease.until || now < this.#takenAt;
  }

  /** True when `refreshBlock` has to read the block again before a request is sent. */
  isBlockStale(now: number): boolean {
    return Math.abs(now - this.#checkedAt) >= maxStalenessMs;
  }

  /** Uses one request of the lease. */
  useRequest(): void {
    this.#requestsLeft -= 1;
    this.#nextAt += this.#lease.intervalMs;
  }

  /** Reports the usage so far and takes a new lease; twice as large as the last one when that was used up. */
  async renew(now: number, inFlight: number): Promise<Lease> {
    const { budget, limits, id, usage } = this.#options;
    const wasUsedUp = this.#requestsLeft === 0 && this.#lease !== noLease;
    const requests = wasUsedUp ? Math.max(minLeaseRequests, this.#lease.requests * 2) : minLeaseRequests;
    const request = { holder: id, requests, inFlight, executionMs: usage.meanExecutionMs() };
    const report = this.#takeReport();
    const { lease, blockedUntil } = await budget.update((current) => {
      const reported = this.#applyReport(current, report);
      const allowed = effectiveLimits(reported.learned, limits);
      const granted = grantLease(reported, { request, limits: allowed, now });
      this.#limit = allowed.maxRequests;
      this.#used = sumUsage(entriesInWindow(reported, now)).requests;
      const result = { lease: granted.lease, blockedUntil: granted.budget.blockedUntil };
      return { budget: granted.budget, result };
    });
    this.#lease = lease;
    this.#requestsLeft = lease.requests;
    this.#nextAt = lease.startsAt;
    this.#takenAt = now;
    this.#checkedAt = now;
    this.#applyBlock(blockedUntil);
    return lease;
  }

  /** Reads the block that other processes published. */
  async refreshBlock(now: number): Promise<void> {
    this.#applyBlock((await this.#options.budget.read()).blockedUntil);
    this.#checkedAt = now;
  }

  /** Blocks this limiter, and all others that share the budget, until the given time. */
  publishBlock(until: number): void {
    if (until <= this.blockedUntil) return;
    this.#applyBlock(until);
    const { budget } = this.#options;
    const report = this.#takeReport();
    // If the store fails here, the next lease reports the block again, and its caller receives the error.
    budget
      .update((current) => ({ budget: this.#applyReport(current, report), result: undefined }))
      .catch(() => {});
  }

  /** Ends the block of this limiter, and of all others that share the budget and have not read it yet. */
  async clearBlock(): Promise<void> {
    this.#blockedUntil = 0;
    await this.#options.budget.update((current) => ({
      budget: { ...current, blockedUntil: 0 },
      result: undefined,
    }));
  }

  /** A block ends the current lease: after it, every limiter takes a new one. */
  #applyBlock(until: number): void {
    if (until <= this.blockedUntil || !isPlausibleBlock(until, this.#options.clock.now())) return;
    this.#blockedUntil = until;
    this.#requestsLeft = 0;
  }

  #applyReport(current: RateBudget, report: UsageReport): RateBudget {
    const { clock, id, limits } = this.#options;
    return applyReport(dropFutureTimes(current, clock.now()), { ...report, holder: id, settings: limits });
  }

  #takeReport(): UsageReport {
    return { ...this.#options.usage.takeReport(), blockedUntil: this.blockedUntil };
  }
}
