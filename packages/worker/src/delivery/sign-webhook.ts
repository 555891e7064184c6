import { createHmac } from 'node:crypto';
import { ConnectorError, type Secret } from 'dynamics365-connector';

/** What stands in the headers of a signed message. `atMs`: milliseconds since the epoch. */
export interface WebhookMessage {
  readonly id: string;
  readonly timestampMs: number;
  readonly body: string;
}

const secretPattern = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/;

/**
 * Signs a webhook message by Standard Webhooks: HMAC-SHA256 over id, time and body, so that none of the three
 * can be exchanged. https://github.com/standard-webhooks/standard-webhooks
 */
export function signWebhook(
  key: Secret,
  { id, timestampMs, body }: WebhookMessage,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(timestampMs / 1000));
  const mac = createHmac('sha256', parseWebhookSecret(key))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}

/** `whsec_` and base64 of 24 to 64 bytes; SETTING_INVALID for anything else, without repeating it. */
export function parseWebhookSecret(key: Secret): Buffer {
  const [, encoded] = secretPattern.exec(key.reveal()) ?? [];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  if (bytes.length >= 24 && bytes.length <= 64) return bytes;
  throw new ConnectorError(
    'SETTING_INVALID',
    'The secret of a webhook is not whsec_ and base64 of 24 to 64 bytes.',
    {
      advice: 'Make one with: echo "whsec_$(openssl rand -base64 32)"',
    },
  );
}
