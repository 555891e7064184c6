import { ConnectorError } from '../../errors/connector-error.ts';
import { parseRetryAfter } from '../../model/retry-after.ts';
import type { Clock } from '../../model/runtime-services.ts';
import type { RawResponse } from '../pipeline-request.ts';
import { type ConcurrencyLimit, createConcurrencyLimit } from './concurrency.ts';
import { LeaseHolder } from './lease-holder.ts';
import { parseConcurrencyHint } from './rate-limit-headers.ts';
import type { RequestQuota } from './request-quota.ts';
import { defaultServiceLimits, type LimitSettings } from './service-limits.ts';
import type { SharedBudget } from './shared-budget.ts';
import { createDeadlineTimer, type DeadlineTimer } from './timer.ts';
import { createUsageTracker, type UsageTracker } from './usage-tracker.ts';
import { createWaitQueue, type Waiter } from './wait-queue.ts';

/** The rate limiter of one user in one organization. Every request on behalf of that user passes through it. */
export interface Limiter {
  /**
   * Waits until a request may be sent. Resolves to a function that the caller calls once when the request has ended,
   * with the response if there is one. Rejects with THROTTLED as soon as the deadline cannot be met, and with ABORTED
   * when the caller aborts.
   */
  acquire(waiter: Waiter): Promise<Release>;
  /** The same if a request may be sent at once; undefined if it has to wait, for its turn or for the store. */
  tryAcquire(now: number): Release | undefined;
  /** Ends a block before its time, because a person asks for it. The organization may answer 429 again. */
  unblock(): Promise<void>;
  /** What is left of the user's requests; undefined before the first request. */
  quota(): RequestQuota | undefined;
}

/** Ends a request that `acquire` admitted. */
export type Release = (response?: RawResponse) => void;

/** The parts of a limiter. */
export interface LimiterOptions {
  readonly clock: Clock;
  readonly budget: SharedBudget;
  /** What the operator has set; what is absent is learned from the organization. */
  readonly limits: LimitSettings;
  /** Unique among the limiters that share the budget. */
  readonly id: string;
}

const minBlockMs = 1_000;

/**
 * Creates a limiter that combines three rules: additive increase and multiplicative decrease of the number of
 * concurrent requests; leases on a shared budget of requests and execution time; and a block after a 429 that holds for
 * all limiters of the budget until the time that the organization returned in `Retry-After`.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  return new RateLimiter(options);
}

/** A request that was admitted, and what the limiter needs to learn from its response. */
interface AdmittedRequest {
  readonly startedAt: number;
  readonly endedAt: number;
  /** The number of concurrent requests was at its limit when the request ended. */
  readonly wasFull: boolean;
}

class RateLimiter implements Limiter {
  readonly #clock: Clock;
  readonly #queue = createWaitQueue();
  readonly #timer: DeadlineTimer;
  readonly #concurrency: ConcurrencyLimit;
  readonly #usage: UsageTracker;
  readonly #lease: LeaseHolder;
  #inFlight = 0;
  /** A request to the store is in progress. Nothing is admitted until it ends. */
  #updating = false;

  constructor({ clock, budget, limits, id }: LimiterOptions) {
    this.#clock = clock;
    this.#timer = createDeadlineTimer(clock, () => this.#processQueue());
    this.#concurrency = createConcurrencyLimit(
      limits.maxConcurrentRequests ?? defaultServiceLimits.maxConcurrentRequests,
    );
    this.#usage = createUsageTracker();
    this.#lease = new LeaseHolder({ clock, budget, limits, id, usage: this.#usage });
  }

  async acquire(waiter: Waiter): Promise<Release> {
    const admitted = this.#queue.wait(waiter);
    this.#processQueue();
    try {
      await admitted;
    } catch (error) {
      this.#processQueue();
      throw error;
    }
    const startedAt = this.#clock.now();
    return (response) => this.#release(startedAt, response);
  }

  tryAcquire(now: number): Release | undefined {
    if (this.#queue.firstDeadline() !== undefined || !this.#hasRoom(now)) return undefined;
    this.#countStart(now);
    return (response) => this.#release(now, response);
  }

  async unblock(): Promise<void> {
    await this.#lease.clearBlock();
    this.#processQueue();
  }

  quota(): RequestQuota | undefined {
    return this.#lease.quota(this.#clock.now());
  }

  /** Admits as many waiters as possible now, and sets the timer for the others. */
  #processQueue(): void {
    while (this.#canStart(this.#clock.now())) this.#start();
  }

  #canStart(now: number): boolean {
    this.#queue.rejectBefore(now, () => throttledError(minBlockMs));
    const firstDeadline = this.#queue.firstDeadline();
    if (firstDeadline === undefined) this.#timer.cancel();
    else if (this.#lease.blockedUntil > now) this.#waitUntil(this.#lease.blockedUntil);
    else if (this.#updating || this.#isFull()) this.#timer.set(firstDeadline + 1);
    else if (this.#lease.isOver(now)) this.#update(() => this.#renewLease(now));
    else if (this.#lease.isBlockStale(now)) this.#update(() => this.#lease.refreshBlock(now));
    else if (this.#lease.nextAt > now) this.#waitUntil(this.#lease.nextAt);
    else return true;
    return false;
  }

  /** Whether a request may start now, if nobody waits. */
  #hasRoom(now: number): boolean {
    const lease = this.#lease;
    const mustWait = this.#updating || this.#isFull() || lease.blockedUntil > now || lease.nextAt > now;
    return !mustWait && !lease.isOver(now) && !lease.isBlockStale(now);
  }

  #waitUntil(time: number): void {
    this.#queue.rejectBefore(time, () => throttledError(time - this.#clock.now()));
    if (this.#queue.firstDeadline() === undefined) this.#timer.cancel();
    else this.#timer.set(time);
  }

  #isFull(): boolean {
    return this.#inFlight >= this.#concurrency.current();
  }

  #start(): void {
    this.#countStart(this.#clock.now());
    this.#queue.admitFirst();
  }

  #countStart(now: number): void {
    this.#inFlight += 1;
    this.#lease.useRequest();
    this.#usage.recordSent(now);
  }

  /** Waits for the store. If the store fails, all waiters fail with its error, and the next call tries again. */
  #update(readOrRenew: () => Promise<void>): void {
    this.#updating = true;
    const finish = () => {
      this.#updating = false;
      this.#processQueue();
    };
    readOrRenew().then(finish, (error: unknown) => {
      this.#queue.rejectAll(error);
      finish();
    });
  }

  async #renewLease(now: number): Promise<void> {
    const { holders } = await this.#lease.renew(now, this.#inFlight);
    this.#concurrency.divideBy(holders);
  }

  #release(startedAt: number, response?: RawResponse): void {
    const endedAt = this.#clock.now();
    const wasFull = this.#isFull();
    this.#inFlight -= 1;
    this.#usage.recordEnded(endedAt, endedAt - startedAt);
    if (response !== undefined) this.#applyResponse(response, { startedAt, endedAt, wasFull });
    if (this.#queue.firstDeadline() === undefined) this.#timer.cancel();
    else this.#processQueue();
  }

  #applyResponse(response: RawResponse, { startedAt, endedAt, wasFull }: AdmittedRequest): void {
    const { status, headers } = response;
    this.#usage.recordResponse(endedAt, response);
    const hint = parseConcurrencyHint(headers);
    if (hint !== undefined) this.#concurrency.applyHint(hint);
    if (status === 429) {
      this.#concurrency.halve(startedAt, endedAt);
      const delayMs = Math.max(parseRetryAfter(headers, endedAt) ?? 0, minBlockMs);
      this.#lease.publishBlock(endedAt + delayMs);
    } else if (wasFull) {
      this.#concurrency.grow();
    }
  }
}

function throttledError(waitMs: number): ConnectorError {
  const retryAfterMs = Math.ceil(waitMs);
  const seconds = Math.ceil(waitMs / 1000);
  return new ConnectorError(
    'THROTTLED',
    `The rate limit of this user is reached for the next ${seconds} s; nothing was sent.`,
    { retryAfterMs },
  );
}
