import { backoffDelayMs, defaultBackoff } from './backoff.ts';
import { errorCodeOf, runLoop } from './run-loop.ts';
import type { Subscription } from './subscription.ts';
import type { WorkerOptions } from './worker-options.ts';
import { WorkerPool } from './worker-pool.ts';
import { leaseDurationMs, type OutboxDelivery } from './worker-store.ts';

const claimIntervalMs = 200;

/** A delivery must end before its claim expires: after that, another worker delivers the event again. */
const deliveryTimeoutMs = leaseDurationMs - 5000;

const maxReasonLength = 500;

/** Delivers the events of the outbox until the signal aborts, then waits for running deliveries. */
export async function runDeliveryLoop(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { store, limits } = options;
  const pool = new WorkerPool(limits.maxDeliveries);
  await runLoop(options, { everyMs: claimIntervalMs, failureEvent: 'worker.outbox', signal }, async () => {
    await pool.waitForCapacity();
    const deliveries = await store.claimDeliveries(pool.available);
    for (const delivery of deliveries) pool.start(() => deliverOnce(options, delivery));
    return deliveries.length > 0;
  });
  await pool.waitForIdle();
}

async function deliverOnce(options: WorkerOptions, delivery: OutboxDelivery): Promise<void> {
  const { log, metrics, subscriptions } = options;
  const subscription = subscriptions.get(delivery.subscription);
  // A worker with another file has this subscription. The claim expires, and that worker delivers the event.
  if (subscription === undefined) return;
  const fields = { subscription: delivery.subscription, attempt: delivery.attempt };
  try {
    const reason = await tryDelivery(subscription, delivery);
    const outcome = await saveOutcome(options, subscription, { delivery, reason });
    metrics.deliveries.add(outcome);
    if (outcome !== 'delivered') log({ level: 'warn', event: `worker.delivery-${outcome}`, fields });
  } catch (error) {
    const code = errorCodeOf(error);
    log({ level: 'error', event: 'worker.delivery-unsaved', fields: { ...fields, code } });
  }
}

/** Returns undefined if the event is delivered, else the reason. */
async function tryDelivery(
  subscription: Subscription,
  delivery: OutboxDelivery,
): Promise<string | undefined> {
  const signal = AbortSignal.timeout(deliveryTimeoutMs);
  const timedOut = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    await Promise.race([subscription.deliver(delivery, signal), timedOut]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, maxReasonLength) : 'rejected without a reason';
  }
}

async function saveOutcome(
  { store, random }: WorkerOptions,
  { maxAttempts }: Subscription,
  { delivery, reason }: { readonly delivery: OutboxDelivery; readonly reason: string | undefined },
): Promise<'delivered' | 'rejected' | 'dead'> {
  if (reason === undefined) {
    await store.acknowledge(delivery);
    return 'delivered';
  }
  const deadLetter = delivery.attempt >= maxAttempts;
  const retryInMs = backoffDelayMs(delivery.attempt, random, defaultBackoff);
  await store.reject(delivery, { retryInMs, reason, deadLetter });
  return deadLetter ? 'dead' : 'rejected';
}
