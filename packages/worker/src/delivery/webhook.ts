import type { Secret, World } from 'dynamics365-connector';
import type { Deliver } from '../subscription.ts';
import { bytesOf, sign } from './sign.ts';

export interface WebhookOptions {
  readonly url: string;
  readonly secret: Secret;
  readonly world: Pick<World, 'send' | 'clock'>;
}

/**
 * Posts each event as JSON, `{ type, timestamp, data: { subscription, item } }`, signed by Standard Webhooks.
 * `webhook-id` is the item's own, the same on every try. Anything but a 2xx is a refusal; redirects are too.
 */
export function createWebhook({ url, secret, world }: WebhookOptions): Deliver {
  bytesOf(secret);
  return async ({ subscription, trigger, item }, signal) => {
    const body = JSON.stringify({ type: trigger, timestamp: item.at, data: { subscription, item } });
    const headers = sign(secret, { id: item.id, atMs: world.clock.now(), body });
    const response = await world.send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', 'user-agent': 'dynamics365-connector', ...headers },
      body,
      signal,
    });
    await drain(response.body);
    if (response.status < 200 || response.status > 299)
      throw new Error(`The webhook answered ${response.status}.`);
  };
}

const MOST_READ = 65_536;

/** An answer that was read lets the connection be used again; one without end is let go. */
async function drain(body: AsyncIterable<Uint8Array>): Promise<void> {
  let read = 0;
  for await (const chunk of body) {
    read += chunk.length;
    if (read > MOST_READ) return;
  }
}
