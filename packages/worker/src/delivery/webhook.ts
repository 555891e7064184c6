import { createHash } from 'node:crypto';
import type { Clock, HttpResponse, RuntimeServices, Secret } from 'dynamics365-connector';
import { omitUndefined, parseRetryAfter, traceSender } from 'dynamics365-connector/host';
import type { DeliverEvent } from '../subscription.ts';
import { maxTargetRetryAfterMs } from './block-target.ts';
import { DeliveryError } from './delivery-error.ts';
import { parseWebhookSecret, signWebhook } from './sign-webhook.ts';

/** A webhook, and the services that send to it. */
export interface WebhookDeliveryOptions extends Pick<RuntimeServices, 'send' | 'clock' | 'telemetry'> {
  readonly url: string;
  /** `whsec_` and base64 of 24 to 64 bytes. */
  readonly secret: Secret;
}

/**
 * Posts each event as JSON, `{ type, timestamp, data: { subscription, item } }`, signed by Standard Webhooks. The
 * `webhook-id` is the id of the item, the same for every attempt; a replay has `data.replayed`. The status line decides:
 * 2xx takes the event, 410 says that the target is gone, and other 4xx refuse the event, except those that ask to try
 * again (408, 425, 429). The body of the response is not waited for.
 */
export function createWebhookDelivery(options: WebhookDeliveryOptions): DeliverEvent {
  const { url, secret, clock } = options;
  parseWebhookSecret(secret);
  // The receiver gets the trace of the delivery.
  const send = traceSender(options.telemetry, options.send, { propagates: true });
  return async ({ subscription, trigger, item, replay }, signal) => {
    const data = omitUndefined({ subscription, item, replayed: replay === undefined ? undefined : true });
    const body = JSON.stringify({ type: trigger, timestamp: item.at, data });
    const signature = signWebhook(secret, { id: item.id, timestampMs: clock.now(), body });
    const exchange = new AbortController();
    const response = await send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json', 'user-agent': 'dynamics365-connector', ...signature },
      body,
      signal: AbortSignal.any([signal, exchange.signal]),
    });
    void endExchange(response, exchange, clock);
    assertTaken(response, clock.now());
  };
}

/** The name of a webhook in the status and the store. The query of a URL can have a key, so a hash of it stands for it. */
export function describeWebhookTarget(url: string): string {
  const { origin, pathname, search } = new URL(url);
  const hash = createHash('sha256').update(search).digest('hex').slice(0, 8);
  return `webhook ${origin}${pathname}${search === '' ? '' : `?${hash}`}`;
}

/** Statuses of the class 4xx that say nothing about the event: timeout, too early, too many requests. */
const retryableStatuses = new Set([408, 425, 429]);

function assertTaken({ status, headers }: HttpResponse, now: number): void {
  if (status >= 200 && status <= 299) return;
  const message = `The webhook answered ${status}.`;
  if (status === 410) throw new DeliveryError('gone', message);
  const refused = status >= 400 && status <= 499 && !retryableStatuses.has(status);
  if (refused) throw new DeliveryError('refused', message);
  throw new DeliveryError('unavailable', message, parseRetryAfter(headers, now, maxTargetRetryAfterMs));
}

const maxDrainedBytes = 65_536;
const maxDrainMs = 1000;

/** Reads a short body to its end, so that the connection can be reused. A long or slow one ends the connection. */
async function endExchange({ body }: HttpResponse, exchange: AbortController, clock: Clock): Promise<void> {
  const timer = new AbortController();
  const timeout = clock.sleep(maxDrainMs, timer.signal).then(
    () => false,
    () => false,
  );
  const isComplete = await Promise.race([drainBody(body), timeout]).catch(() => false);
  timer.abort(exchangeIsOver);
  if (!isComplete) exchange.abort(exchangeIsOver);
}

// With a reason, `abort` does not create a DOMException with a stack for every delivery.
const exchangeIsOver = 'the exchange is over';

/** Returns whether the body was read to its end. */
async function drainBody(body: AsyncIterable<Uint8Array>): Promise<boolean> {
  let byteCount = 0;
  for await (const chunk of body) {
    byteCount += chunk.length;
    if (byteCount > maxDrainedBytes) return false;
  }
  return true;
}
