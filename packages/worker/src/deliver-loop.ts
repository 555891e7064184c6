import { backOffMs, patience } from './back-off.ts';
import { Crew } from './crew.ts';
import { repeat } from './repeat.ts';
import type { Subscription } from './subscription.ts';
import type { WorkerParts } from './worker-parts.ts';
import { LEASE_MS, type OutboxDelivery } from './worker-store.ts';

const TICK_MS = 200;

/** A delivery ends before its claim lapses, or it would come twice by our own doing. */
const DELIVERY_MS = LEASE_MS - 5000;

/** Delivers what waits in the outbox until the signal says stop; then finishes what is under way. */
export async function deliverLoop(parts: WorkerParts, signal: AbortSignal): Promise<void> {
  const { store, limits } = parts;
  const crew = new Crew(limits.deliveries);
  await repeat(parts, { everyMs: TICK_MS, event: 'worker.outbox', signal }, async () => {
    await crew.room();
    const { free } = crew;
    const deliveries = await store.claimDeliveries(free);
    for (const delivery of deliveries) crew.start(() => deliverOnce(parts, delivery));
    return deliveries.length > 0;
  });
  await crew.idle();
}

async function deliverOnce(parts: WorkerParts, delivery: OutboxDelivery): Promise<void> {
  const { store, log, metrics, subscriptions } = parts;
  const subscription = subscriptions.get(delivery.subscription);
  // Another worker, with another file, knows this one; its claim lapses.
  if (subscription === undefined) return;
  const fields = { subscription: delivery.subscription, attempt: delivery.attempt };
  try {
    const refused = await tryDelivery(subscription, delivery);
    if (refused === undefined) await store.acknowledge(delivery);
    else await refuse(parts, subscription, { delivery, reason: refused });
    const outcome = refused === undefined ? 'delivered' : isLast(subscription, delivery) ? 'dead' : 'refused';
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
  const signal = AbortSignal.timeout(DELIVERY_MS);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  try {
    await Promise.race([subscription.deliver(delivery, signal), late]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.slice(0, 500) : 'it was refused without a reason';
  }
}

async function refuse(
  { store, random }: WorkerParts,
  subscription: Subscription,
  { delivery, reason }: { delivery: OutboxDelivery; reason: string },
): Promise<void> {
  const dueInMs = backOffMs(delivery.attempt, random, patience);
  await store.refuse(delivery, { dueInMs, reason, dead: isLast(subscription, delivery) });
}

function isLast({ attempts }: Subscription, { attempt }: OutboxDelivery): boolean {
  return attempt >= attempts;
}
