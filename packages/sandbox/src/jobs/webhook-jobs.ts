import type { Clock } from 'dynamics365-connector';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { WebhookPost } from '../web-api/events/message-event.ts';
import type { DeliveryFault } from '../webhooks/delivery-faults.ts';
import type { JobHandler, JobResult } from './system-job-queue.ts';

/** What the jobs of asynchronous webhooks need. */
export interface WebhookJobOptions {
  readonly clock: Clock;
  readonly faults: FaultPlan<DeliveryFault, WebhookPost>;
  readonly deliver: (post: WebhookPost) => Promise<void>;
}

/** An event that was moved behind the next one goes out after this time even if no other one comes. */
const maxReorderMs = 60_000;

/** Delivers the event of a system job, or does what an injected fault says. */
export function createWebhookJobHandler({ clock, faults, deliver }: WebhookJobOptions): JobHandler {
  /** Jobs whose fault was applied before they were postponed. */
  const delayed = new Set<string>();
  let afterNextDelivery: (() => void)[] = [];
  const deliverOne = async (post: WebhookPost) => {
    const overtaken = afterNextDelivery;
    afterNextDelivery = [];
    try {
      await deliver(post);
    } finally {
      for (const release of overtaken) release();
    }
  };
  return async ({ id }, data): Promise<JobResult> => {
    const post = data as WebhookPost;
    const fault = delayed.delete(id) ? undefined : faults.take(post);
    switch (fault?.kind) {
      case 'drop':
        return { kind: 'succeeded' };
      case 'delay':
        delayed.add(id);
        return { kind: 'postponed', untilMs: clock.now() + fault.ms };
      case 'duplicate':
        await deliverOne(post);
        break;
      case 'reorder':
        await waitForNextDelivery((release) => afterNextDelivery.push(release), clock);
        break;
      default:
    }
    await deliverOne(post);
    return { kind: 'succeeded' };
  };
}

async function waitForNextDelivery(subscribe: (release: () => void) => void, clock: Clock): Promise<void> {
  const ended = new AbortController();
  await Promise.race([
    new Promise<void>((resolve) => subscribe(resolve)),
    clock.sleep(maxReorderMs, ended.signal).catch(() => {}),
  ]);
  ended.abort();
}
