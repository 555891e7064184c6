import { ConnectorError } from '../../errors/connector-error.ts';
import type { Clock } from '../../model/runtime-services.ts';
import type { RawResponse } from '../pipeline-request.ts';
import { parseRetryAfter } from '../retry-after.ts';
import { createConcurrencyLimit } from './concurrency.ts';
import { grantLease, type Lease } from './lease.ts';
import { applyReport } from './rate-budget.ts';
import { parseConcurrencyHint } from './rate-limit-headers.ts';
import type { ServiceLimits } from './service-limits.ts';
import type { SharedBudget } from './shared-budget.ts';
import { createDeadlineTimer } from './timer.ts';
import { createUsageTracker } from './usage-tracker.ts';
import { createWaitQueue, type Waiter } from './wait-queue.ts';

/** The gate of one user to one organization: everything that is sent in the user's name goes through it. */
export interface Limiter {
  /**
   * Resolves when a request may be sent, to a function that must be called once when it is over, with the answer
   * where one came. Rejects with THROTTLED as soon as it is known that the deadline cannot be kept, and with
   * ABORTED when the caller gives up.
   */
  acquire(ticket: Waiter): Promise<Release>;
}

/** Ends what `enter` began. */
export type Release = (reply?: RawResponse) => void;

/** What a limiter is made of. */
export interface LimiterOptions {
  readonly clock: Clock;
  readonly budget: SharedBudget;
  readonly limits: ServiceLimits;
  /** Its name among the limiters that share the budget. */
  readonly id: string;
}

const noLease: Lease = { requests: 0, startsAt: 0, intervalMs: 0, until: 0, holders: 1 };
const minBlockMs = 1_000;
// The window is five minutes: a longer wait is a mistake, of a proxy or of another machine's clock.
const maxBlockMs = 3_600_000;
/** What other processes did is looked up when it is older than this. */
const maxStalenessMs = 1_000;
const minLeaseRequests = 10;

/**
 * Additive increase and multiplicative decrease of what runs at once; a shared budget of requests and execution
 * time, of which it takes leases; and one gate that a 429 shuts for all until the organization's own time.
 */
export function createLimiter({ clock, budget, limits, id }: LimiterOptions): Limiter {
  const concurrency = createConcurrencyLimit(limits.maxConcurrentRequests);
  const usage = createUsageTracker(limits);
  const queue = createWaitQueue();
  const timer = createDeadlineTimer(clock, processQueue);
  let inFlight = 0;
  let lease = noLease;
  let leaseLeft = 0;
  let nextAt = 0;
  let blockedUntil = 0;
  let checkedAt = 0;
  let updating = false;

  /** Calls whoever may go now, and sees to being called again for the others. */
  function processQueue(): void {
    while (canStart(clock.now())) start();
  }

  function canStart(now: number): boolean {
    queue.rejectBefore(now, () => throttledError(minBlockMs));
    const first = queue.firstDeadline();
    if (first === undefined) timer.cancel();
    else if (blockedUntil > now) waitUntil(blockedUntil);
    else if (updating || inFlight >= concurrency.current()) timer.set(first + 1);
    else if (leaseLeft === 0 || now >= lease.until) update(renewLease);
    else if (now - checkedAt >= maxStalenessMs) update(refreshBlock);
    else if (nextAt > now) waitUntil(nextAt);
    else return true;
    return false;
  }

  function waitUntil(time: number): void {
    queue.rejectBefore(time, () => throttledError(time - clock.now()));
    if (queue.firstDeadline() === undefined) timer.cancel();
    else timer.set(time);
  }

  function start(): void {
    const now = clock.now();
    inFlight += 1;
    leaseLeft -= 1;
    nextAt += lease.intervalMs;
    usage.recordSent(now);
    queue.admitFirst();
  }

  function update(question: (now: number) => Promise<void>): void {
    updating = true;
    const done = () => {
      updating = false;
      processQueue();
    };
    question(clock.now()).then(done, (error: unknown) => {
      queue.rejectAll(error);
      done();
    });
  }

  async function renewLease(now: number): Promise<void> {
    const wasUsedUp = leaseLeft === 0 && lease !== noLease;
    const requests = wasUsedUp ? Math.max(minLeaseRequests, lease.requests * 2) : minLeaseRequests;
    const request = {
      holder: id,
      requests,
      inFlight,
      executionMs: usage.meanExecutionMs(),
    };
    const report = { ...usage.takeReport(), blockedUntil };
    const taken = await budget.update((known) => {
      const { budget: after, lease } = grantLease(applyReport(known, id, report), {
        order: request,
        limits,
        now,
      });
      return { budget: after, result: { lease, blockedUntil: after.blockedUntil } };
    });
    lease = taken.lease;
    leaseLeft = lease.requests;
    nextAt = lease.startsAt;
    checkedAt = now;
    concurrency.divideBy(lease.holders);
    applyBlock(taken.blockedUntil);
  }

  async function refreshBlock(now: number): Promise<void> {
    applyBlock((await budget.read()).blockedUntil);
    checkedAt = now;
  }

  /** What was leased before a gate was shut is void: behind it, everybody asks anew. */
  function applyBlock(until: number): void {
    if (until <= blockedUntil || until > clock.now() + maxBlockMs) return;
    blockedUntil = until;
    leaseLeft = 0;
  }

  function publishBlock(until: number): void {
    if (until <= blockedUntil) return;
    applyBlock(until);
    const report = { ...usage.takeReport(), blockedUntil };
    const shut = budget.update((known) => ({ budget: applyReport(known, id, report), result: undefined }));
    // Where the store fails, the next lease says it again, and its caller learns of the failure.
    shut.catch(() => {});
  }

  function release(startedAt: number, reply?: RawResponse): void {
    const now = clock.now();
    const wasFull = inFlight >= concurrency.current();
    inFlight -= 1;
    usage.recordEnded(now, now - startedAt);
    if (reply !== undefined) applyResponse(reply, { now, startedAt, wasFull });
    processQueue();
  }

  function applyResponse(
    reply: RawResponse,
    { now, startedAt, wasFull }: { now: number; startedAt: number; wasFull: boolean },
  ): void {
    const { status, headers } = reply;
    usage.recordResponse(now, reply);
    const hint = parseConcurrencyHint(headers);
    if (hint !== undefined) concurrency.applyHint(hint);
    if (status === 429) {
      concurrency.halve(startedAt, now);
      const delayMs = Math.max(parseRetryAfter(headers, now) ?? 0, minBlockMs);
      publishBlock(now + Math.min(delayMs, maxBlockMs));
    } else if (wasFull) {
      concurrency.grow();
    }
  }

  return {
    async acquire(waiter) {
      const admitted = queue.wait(waiter);
      processQueue();
      try {
        await admitted;
      } catch (error) {
        processQueue();
        throw error;
      }
      const startedAt = clock.now();
      return (reply) => release(startedAt, reply);
    },
  };
}

function throttledError(waitMs: number): ConnectorError {
  const retryAfterMs = Math.ceil(waitMs);
  return new ConnectorError(
    'THROTTLED',
    `This user’s share of the organization is spent for the next ${Math.ceil(waitMs / 1000)} s; nothing was sent.`,
    { retryAfterMs },
  );
}
