import { createHmac } from 'node:crypto';
import { ConnectorError, type Secret } from 'dynamics365-connector';

/** The signed parts of a webhook message. */
export interface WebhookMessage {
  readonly id: string;
  /** Milliseconds since the Unix epoch. */
  readonly timestampMs: number;
  readonly body: string;
}

const secretPattern = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/;

/**
 * Returns the headers of Standard Webhooks for a message: `webhook-id`, `webhook-timestamp`, and `webhook-signature`
 * (HMAC-SHA256 over id, timestamp and body). https://github.com/standard-webhooks/standard-webhooks
 */
export function signWebhook(
  secret: Secret,
  { id, timestampMs, body }: WebhookMessage,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(timestampMs / 1000));
  const mac = createHmac('sha256', parseWebhookSecret(secret))
    .update(`${id}.${timestamp}.${body}`)
    .digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}

/** The key of a secret: `whsec_` and base64 of 24 to 64 bytes. SETTING_INVALID for other texts, without the text. */
export function parseWebhookSecret(secret: Secret): Buffer {
  const [, encoded = ''] = secretPattern.exec(secret.reveal()) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length >= 24 && bytes.length <= 64) return bytes;
  const message = 'The secret of a webhook must be whsec_ and base64 of 24 to 64 bytes.';
  throw new ConnectorError('SETTING_INVALID', message, {
    advice: 'Create one with: echo "whsec_$(openssl rand -base64 32)"',
  });
}
