import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

/** An HTTP request of the organization: a webhook or a callback. */
export interface WebhookRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Aborts the request. */
  readonly signal: AbortSignal;
}

/** Sends a POST request. Only the status of the response matters. Rejects when there is no response. */
export type SendWebhook = (request: WebhookRequest) => Promise<{ readonly status: number }>;

/**
 * Sends requests to this machine only. `hosts` gives the local address of public ones:
 * `{ 'https://hooks.contoso.example': 'http://127.0.0.1:8090' }`.
 */
export function createLoopbackSender(hosts: Readonly<Record<string, string>> = {}): SendWebhook {
  return ({ url, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const target = toLocalUrl(new URL(url), hosts);
      const open = target.protocol === 'https:' ? httpsRequest : httpRequest;
      const length = Buffer.byteLength(body);
      const request = open(target, {
        method: 'POST',
        headers: { ...headers, 'Content-Length': length },
        signal,
      });
      request.on('error', reject);
      // A redirect is a response like others: it could lead to another machine.
      request.on('response', (response) => {
        response.on('error', () => {});
        response.resume();
        resolve({ status: response.statusCode ?? 0 });
      });
      request.end(body);
    });
}

function toLocalUrl(url: URL, hosts: Readonly<Record<string, string>>): URL {
  const local = Object.hasOwn(hosts, url.origin) ? hosts[url.origin] : undefined;
  const target = local === undefined ? url : new URL(url.pathname + url.search, local);
  if (isLoopback(target)) return target;
  throw new Error(
    `The sandbox sends webhooks to this machine only, not to ${url.origin}. Set the option webhooks.hosts to the local address of this origin.`,
  );
}

/** Whether a URL leads to this machine. Other names are not looked up. */
export const isLoopback = ({ hostname }: URL): boolean =>
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
