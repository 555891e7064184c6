import type { PollItem } from 'dynamics365-connector';
import { runAs, toLogFields } from 'dynamics365-connector/host';
import { targetBlockMs } from './delivery/block-target.ts';
import { type DeliveryFailureKind, isDeliveryError } from './delivery/delivery-error.ts';
import { DeliveryPool } from './delivery/delivery-pool.ts';
import {
  defaultDeliveryRetry,
  type NextAttempt,
  nextAttemptAfterRefusalMs,
  nextAttemptInMs,
} from './delivery/retry-schedule.ts';
import { originsOf } from './origins-of.ts';
import { runLoop } from './run-loop.ts';
import type { Subscription } from './subscription.ts';
import { defaultKeepDeliveredMs } from './worker-history.ts';
import type { WorkerOptions } from './worker-options.ts';
import {
  type ClaimedDelivery,
  type DeliveryRejection,
  leaseDurationMs,
  unknownRetryMs,
} from './worker-store.ts';

const claimIntervalMs = 200;

/** A delivery must end before its claim expires: after that, another worker delivers the event again. */
const deliveryTimeoutMs = leaseDurationMs - 5000;

const maxReasonLength = 500;

/** Delivers the events of the outbox until the signal aborts, then waits for running deliveries. */
export async function runDeliveryLoop(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { store, limits, clock } = options;
  const { maxDeliveries, maxDeliveriesPerTarget: maxPerTarget } = limits;
  const pool = new DeliveryPool(maxPerTarget);
  await runLoop(options, { everyMs: claimIntervalMs, failureEvent: 'worker.outbox', signal }, async () => {
    pool.countEnds();
    const origins = originsOf(options.subscriptions);
    const { inFlight, proved } = pool;
    const deliveries =
      origins.length === 0
        ? []
        : await store.claimDeliveries({ maxDeliveries, maxPerTarget, inFlight, proved, origins });
    for (const delivery of deliveries) pool.start(delivery.target, () => observeDelivery(options, delivery));
    await waitForWork(pool, clock, signal);
    return true;
  });
  await pool.waitForIdle();
}

/** Waits until a target has places for more events, or for a while. */
async function waitForWork(
  pool: DeliveryPool,
  clock: WorkerOptions['clock'],
  signal: AbortSignal,
): Promise<void> {
  const timer = new AbortController();
  const pause = clock.sleep(claimIntervalMs, AbortSignal.any([signal, timer.signal])).catch(() => {});
  await Promise.race([pause, pool.waitForPlaces()]);
  timer.abort(workFound);
}

// With a reason, `abort` does not create a DOMException with a stack.
const workFound = 'deliveries have ended';

/** One delivery as one span. Returns whether the target took the event. */
async function observeDelivery(options: WorkerOptions, delivery: ClaimedDelivery): Promise<boolean> {
  const { telemetry } = options;
  if (telemetry === undefined) return (await deliverOnce(options, delivery)) === 'delivered';
  const { subscription, trigger, attempt, item, trace } = delivery;
  // The kind of the target: the rest of its name is an address.
  const [target = ''] = delivery.target.split(' ');
  const found = { itemId: item?.id, foundBy: trace };
  const work = { kind: 'delivery', subscription, trigger, target, attempt, ...found } as const;
  const span = telemetry.start(work);
  const outcome = await span.run(() => deliverOnce(options, delivery));
  span.end(outcome === 'delivered' ? {} : { error: outcome });
  return outcome === 'delivered';
}

/** `unsaved`: the store failed, and the event is delivered again. `unknown`: another process has the subscription. */
type DeliveryOutcome = 'delivered' | 'rejected' | 'dead' | 'unsaved' | 'unknown';

async function deliverOnce(options: WorkerOptions, delivery: ClaimedDelivery): Promise<DeliveryOutcome> {
  const { log, metrics, subscriptions, store, random, keepDeliveredMs = defaultKeepDeliveredMs } = options;
  const { subscription: id, attempt } = delivery;
  const subscription = subscriptions.get(id);
  const fields = { subscription: id, attempt };
  try {
    if (subscription === undefined) {
      await store.release(delivery, unknownRetryMs);
      return 'unknown';
    }
    const failure = await tryDelivery(options, subscription, delivery);
    if (failure === undefined) {
      await store.acknowledge(delivery, { keep: keepDeliveredMs > 0 });
      metrics.deliveries.add('delivered');
      return 'delivered';
    }
    const rejection = toRejection(failure, subscription, { delivery, random });
    await store.reject(delivery, rejection);
    const outcome = rejection.deadLetter ? 'dead' : 'rejected';
    metrics.deliveries.add(outcome);
    const { logged: reason } = failure;
    log({ level: 'warn', event: `worker.delivery-${outcome}`, fields: { ...fields, reason } });
    const { pauseReason: code } = rejection;
    if (code !== undefined)
      log({ level: 'error', event: 'worker.subscription-paused', fields: { subscription: id, code } });
    return outcome;
  } catch (error) {
    log({ level: 'error', event: 'worker.delivery-unsaved', fields: { ...fields, ...toLogFields(error) } });
    return 'unsaved';
  }
}

/** Why an attempt failed. */
interface AttemptFailure {
  readonly kind: DeliveryFailureKind | 'unreadable';
  readonly reason: string;
  /** The reason without values of rows, which the error of a handler can contain. */
  readonly logged: string;
  readonly timedOut: boolean;
  readonly retryAfterMs?: number;
}

/** Returns undefined if the event is delivered. */
async function tryDelivery(
  { reread, audit }: WorkerOptions,
  subscription: Subscription,
  { item: stored, claimedAt: _, ...delivery }: ClaimedDelivery,
): Promise<AttemptFailure | undefined> {
  if (stored === undefined) return unreadable;
  const signal = AbortSignal.timeout(deliveryTimeoutMs);
  const timedOut = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  const deliver = async () => {
    const isReread = delivery.replay === 'reread' && reread !== undefined;
    const item: PollItem = isReread
      ? await reread(subscription, { ...delivery, item: stored }, signal)
      : stored;
    await runAs(audit, `subscription ${subscription.id}`, () =>
      subscription.deliver({ ...delivery, item }, signal),
    );
  };
  try {
    await Promise.race([deliver(), timedOut]);
    return undefined;
  } catch (error) {
    return toAttemptFailure(error, signal.aborted);
  }
}

const unreadable: AttemptFailure = {
  kind: 'unreadable',
  reason: 'The stored event cannot be read.',
  logged: 'The stored event cannot be read.',
  timedOut: false,
};

function toAttemptFailure(error: unknown, timedOut: boolean): AttemptFailure {
  if (timedOut) {
    const reason = `No result within ${deliveryTimeoutMs / 1000} s.`;
    return { kind: 'unavailable', reason, logged: reason, timedOut };
  }
  if (isDeliveryError(error)) {
    const { kind, message, retryAfterMs } = error;
    return { kind, reason: message, logged: message, timedOut, retryAfterMs };
  }
  const name = error instanceof Error ? error.name : typeof error;
  const reason =
    error instanceof Error ? error.message.slice(0, maxReasonLength) : 'rejected without a reason';
  return { kind: 'unavailable', reason, logged: `The delivery threw an error (${name}).`, timedOut };
}

/** What follows a failed attempt: another one, or the end of the event or of its subscription. */
function toRejection(
  { kind, reason, timedOut, retryAfterMs }: AttemptFailure,
  subscription: Subscription,
  { delivery, random }: { readonly delivery: ClaimedDelivery; readonly random: () => number },
): DeliveryRejection {
  switch (kind) {
    case 'gone':
      return { reason, retryInMs: 0, deadLetter: false, pauseReason: 'TARGET_GONE' };
    case 'unreadable':
      return { reason, ...toSchedule(undefined) };
    case 'refused':
      return {
        reason,
        refused: true,
        ...toSchedule(nextAttemptAfterRefusalMs(delivery.refusals + 1, random)),
      };
    default: {
      const retry = { ...defaultDeliveryRetry, ...subscription.retry };
      const { retryInMs, deadLetter } = toSchedule(nextAttemptInMs(delivery.attempt, retry, random));
      const blockTargetMs = (failures: number) => targetBlockMs(failures, { timedOut, retryAfterMs }, random);
      return { reason, retryInMs, deadLetter, blockTargetMs };
    }
  }
}

function toSchedule(next: NextAttempt): Pick<DeliveryRejection, 'retryInMs' | 'deadLetter'> {
  return { retryInMs: next ?? 0, deadLetter: next === undefined };
}
