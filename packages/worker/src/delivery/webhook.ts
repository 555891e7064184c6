import type { RuntimeServices, Secret } from 'dynamics365-connector';
import type { DeliverEvent } from '../subscription.ts';
import { parseWebhookSecret, signWebhook } from './sign-webhook.ts';

export interface WebhookDeliveryOptions {
  readonly url: string;
  readonly secret: Secret;
  readonly world: Pick<RuntimeServices, 'send' | 'clock'>;
}

/**
 * Posts each event as JSON, `{ type, timestamp, data: { subscription, item } }`, signed by Standard Webhooks.
 * `webhook-id` is the item's own, the same on every try. Anything but a 2xx is a refusal; redirects are too.
 */
export function createWebhookDelivery({ url, secret, world }: WebhookDeliveryOptions): DeliverEvent {
  parseWebhookSecret(secret);
  return async ({ subscription, trigger, item }, signal) => {
    const body = JSON.stringify({ type: trigger, timestamp: item.at, data: { subscription, item } });
    const headers = signWebhook(secret, { id: item.id, timestampMs: world.clock.now(), body });
    const response = await world.send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', 'user-agent': 'dynamics365-connector', ...headers },
      body,
      signal,
    });
    await drainBody(response.body);
    if (response.status < 200 || response.status > 299)
      throw new Error(`The webhook answered ${response.status}.`);
  };
}

const maxDrainedBytes = 65_536;

/** An answer that was read lets the connection be used again; one without end is let go. */
async function drainBody(body: AsyncIterable<Uint8Array>): Promise<void> {
  let read = 0;
  for await (const chunk of body) {
    read += chunk.length;
    if (read > maxDrainedBytes) return;
  }
}
