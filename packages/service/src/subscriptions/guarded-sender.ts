import { once } from 'node:events';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { HttpRequest, HttpSender } from 'dynamics365-connector';
import type { TargetGuard } from './target-guard.ts';

/** The proxy of the environment. */
export interface WebhookProxy {
  /** Whether this URL is reached through the proxy. */
  uses(url: string): boolean;
  /** Sends through the proxy. */
  readonly send: HttpSender;
}

/**
 * Sends webhooks over keep-alive connections whose addresses the guard has checked. It follows no redirects. Through a
 * proxy, the name is checked as far as it is known here; the proxy looks it up again, and must refuse private addresses.
 */
export function createGuardedSender(guard: TargetGuard, proxy?: WebhookProxy): HttpSender {
  const plain = new HttpAgent({ keepAlive: true, lookup: guard.lookup });
  const secure = new HttpsAgent({ keepAlive: true, lookup: guard.lookup });
  return async (webhook: HttpRequest) => {
    const { url, method, headers, body, signal } = webhook;
    guard.assertUrl(url);
    if (proxy?.uses(url)) {
      await assertNotPrivate(guard, new URL(url).hostname);
      return await proxy.send(webhook);
    }
    const isSecure = url.startsWith('https:');
    const request = isSecure
      ? requestHttps(url, { method, headers, signal, agent: secure })
      : requestHttp(url, { method, headers, signal, agent: plain });
    request.end(body);
    const [response] = (await once(request, 'response').catch((error: NodeJS.ErrnoException) => {
      // The message of Node.js can contain the URL, whose query can have a key.
      const known = error.message === privateAddress ? error.message : (error.code ?? error.name);
      throw new Error(`The webhook could not be reached (${known}).`);
    })) as [IncomingMessage];
    return { status: response.statusCode ?? 0, headers: toHeaders(response), body: response };
  };
}

/** In a network with a proxy, names of other networks are often unknown. */
async function assertNotPrivate({ lookup }: TargetGuard, host: string): Promise<void> {
  const error = await new Promise<Error | null>((resolve) => lookup(host, { all: true }, resolve));
  if (error?.message === privateAddress)
    throw new Error(`The webhook could not be reached (${privateAddress}).`);
}

/** The message of the guard's lookup. */
const privateAddress = 'The address of the webhook is private.';

function toHeaders({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : String(value),
    ]),
  );
}
