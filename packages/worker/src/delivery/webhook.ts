import type { RuntimeServices, Secret } from 'dynamics365-connector';
import type { DeliverEvent } from '../subscription.ts';
import { parseWebhookSecret, signWebhook } from './sign-webhook.ts';

/** A webhook, and the services that send to it. */
export interface WebhookDeliveryOptions extends Pick<RuntimeServices, 'send' | 'clock'> {
  readonly url: string;
  /** `whsec_` and base64 of 24 to 64 bytes. */
  readonly secret: Secret;
}

/**
 * Posts each event as JSON, `{ type, timestamp, data: { subscription, item } }`, signed by Standard Webhooks. The
 * `webhook-id` is the id of the item, the same for every attempt. A response other than 2xx rejects the event.
 */
export function createWebhookDelivery({ url, secret, send, clock }: WebhookDeliveryOptions): DeliverEvent {
  parseWebhookSecret(secret);
  return async ({ subscription, trigger, item }, signal) => {
    const body = JSON.stringify({ type: trigger, timestamp: item.at, data: { subscription, item } });
    const signature = signWebhook(secret, { id: item.id, timestampMs: clock.now(), body });
    const response = await send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', 'user-agent': 'dynamics365-connector', ...signature },
      body,
      signal,
    });
    await drainBody(response.body);
    if (response.status < 200 || response.status > 299)
      throw new Error(`The webhook answered ${response.status}.`);
  };
}

const maxDrainedBytes = 65_536;

/** Reads a body to its end, so that the connection can be reused. A longer body is abandoned. */
async function drainBody(body: AsyncIterable<Uint8Array>): Promise<void> {
  let byteCount = 0;
  for await (const chunk of body) {
    byteCount += chunk.length;
    if (byteCount > maxDrainedBytes) return;
  }
}
