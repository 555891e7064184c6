import type { Clock } from 'dynamics365-connector';
import type { Assumptions } from '../assumptions.ts';
import type { OrganizationStore } from '../store/types.ts';
import type { WebhookPost } from '../web-api/events/message-event.ts';
import type { SendWebhook } from './send-webhook.ts';
import { createWebhookRequest, WebhookError } from './webhook-request.ts';

/** What a delivery needs. */
export interface WebhookDelivery {
  readonly store: OrganizationStore;
  readonly assumptions: Assumptions;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly send: SendWebhook;
  /** Host of the environment URL. */
  readonly organizationHost: string;
}

/** A response after this time comes too late. */
const webhookTimeoutMs = 60_000;

/** A response with one of these statuses gets another attempt; no other failure does. */
const retriedStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

const maxAttempts: Readonly<Record<Assumptions['webhookAttempts'], number>> = { one: 1, two: 2, three: 3 };

/**
 * Calls a webhook, and again after a 502, 503 or 504: once more, unless the organization assumes another number.
 * https://learn.microsoft.com/power-apps/developer/data-platform/use-webhooks#troubleshoot-webhook-registrations
 *
 * @throws WebhookError unless a response has a status of 200 to 299
 */
export async function deliverWebhook(delivery: WebhookDelivery, post: WebhookPost): Promise<void> {
  const endpoint = delivery.store.read('serviceendpoint', post.endpointId);
  if (!endpoint) throw new WebhookError('0x80050206', `Service endpoint ${post.endpointId} does not exist.`);
  const { assumptions, organizationHost } = delivery;
  const send = (sent: WebhookPost) =>
    sendOnce(delivery, createWebhookRequest(endpoint.values, sent, organizationHost));
  const attempts = maxAttempts[assumptions.webhookAttempts];
  let status = await send(post);
  for (let count = 1; count < attempts && retriedStatuses.has(status); count += 1)
    status = await send(toNextAttempt(post, delivery));
  if (status >= 200 && status < 300) return;
  throw new WebhookError(
    '0x80050201',
    `The webhook call failed because the response has status ${status} (${endpoint.values.name}).`,
  );
}

function toNextAttempt(post: WebhookPost, { assumptions, newId }: WebhookDelivery): WebhookPost {
  if (assumptions.webhookOperationId === 'same') return post;
  return { ...post, context: { ...post.context, OperationId: newId() } };
}

/** Sends a request and returns the status of the response. */
export async function sendOnce(
  { clock, send }: Pick<WebhookDelivery, 'clock' | 'send'>,
  request: Omit<Parameters<SendWebhook>[0], 'signal'>,
): Promise<number> {
  const ended = new AbortController();
  const timeout = clock.sleep(webhookTimeoutMs, ended.signal).then(
    () => {
      const error = new WebhookError('0x80050202', 'The webhook call timed out after 60 seconds.');
      ended.abort(error);
      throw error;
    },
    () => new Promise<never>(() => {}),
  );
  try {
    return (await Promise.race([send({ ...request, signal: ended.signal }), timeout])).status;
  } catch (error) {
    if (error instanceof WebhookError) throw error;
    throw new WebhookError('0x80050205', `The webhook call failed: ${(error as Error).message}`);
  } finally {
    ended.abort();
  }
}
