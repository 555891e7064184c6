import { backoffDelayMs, defaultBackoff } from './backoff.ts';
import { runLoop } from './run-loop.ts';
import type { Subscription } from './subscription.ts';
import type { WorkerOptions } from './worker-options.ts';
import { WorkerPool } from './worker-pool.ts';
import { leaseDurationMs, type OutboxDelivery } from './worker-store.ts';

const claimIntervalMs = 200;

/** A delivery ends before its claim lapses, or it would come twice by our own doing. */
const deliveryTimeoutMs = leaseDurationMs - 5000;

/** Delivers what waits in the outbox until the signal says stop; then finishes what is under way. */
export async function runDeliveryLoop(options: WorkerOptions, signal: AbortSignal): Promise<void> {
  const { store, limits } = options;
  const pool = new WorkerPool(limits.maxDeliveries);
  await runLoop(options, { everyMs: claimIntervalMs, failureEvent: 'worker.outbox', signal }, async () => {
    await pool.waitForCapacity();
    const { available } = pool;
    const deliveries = await store.claimDeliveries(available);
    for (const delivery of deliveries) pool.start(() => deliverOnce(options, delivery));
    return deliveries.length > 0;
  });
  await pool.waitForIdle();
}

async function deliverOnce(options: WorkerOptions, delivery: OutboxDelivery): Promise<void> {
  const { store, log, metrics, subscriptions } = options;
  const subscription = subscriptions.get(delivery.subscription);
  // Another worker, with another file, knows this one; its claim lapses.
  if (subscription === undefined) return;
  const fields = { subscription: delivery.subscription, attempt: delivery.attempt };
  try {
    const failureReason = await tryDelivery(subscription, delivery);
    if (failureReason === undefined) await store.acknowledge(delivery);
    else await rejectDelivery(options, subscription, { delivery, reason: failureReason });
    const outcome =
      failureReason === undefined ? 'delivered' : isLastAttempt(subscription, delivery) ? 'dead' : 'refused';
    metrics.deliveries.add(outcome);
    if (outcome !== 'delivered') log({ level: 'warn', event: `worker.delivery-${outcome}`, fields });
  } catch (error) {
    const code = (error as { code?: string }).code ?? 'UNEXPECTED';
    log({ level: 'error', event: 'worker.delivery-unsaved', fields: { ...fields, code } });
  }
}

/** Undefined when it has arrived, else why not. */
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
    return error instanceof Error ? error.message.slice(0, 500) : 'it was refused without a reason';
  }
}

async function rejectDelivery(
  { store, random }: WorkerOptions,
  subscription: Subscription,
  { delivery, reason }: { delivery: OutboxDelivery; reason: string },
): Promise<void> {
  const dueInMs = backoffDelayMs(delivery.attempt, random, defaultBackoff);
  await store.reject(delivery, {
    retryInMs: dueInMs,
    reason,
    deadLetter: isLastAttempt(subscription, delivery),
  });
}

function isLastAttempt({ maxAttempts }: Subscription, { attempt }: OutboxDelivery): boolean {
  return attempt >= maxAttempts;
}
