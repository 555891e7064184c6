import { once } from 'node:events';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { HttpRequest, HttpSender } from 'dynamics365-connector';
import type { TargetGuard } from './target-guard.ts';

/**
 * Sends webhooks over keep-alive connections whose addresses the guard has checked. It follows no redirects and uses no
 * proxy, which would connect to an address that nobody has checked.
 */
export function createGuardedSender(guard: TargetGuard): HttpSender {
  const plain = new HttpAgent({ keepAlive: true, lookup: guard.lookup });
  const secure = new HttpsAgent({ keepAlive: true, lookup: guard.lookup });
  return async ({ url, method, headers, body, signal }: HttpRequest) => {
    guard.assertUrl(url);
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
