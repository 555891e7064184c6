import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server on this machine that receives the redirect of a sign-in (RFC 8252, section 7.3). */
export interface LoopbackRedirect {
  /** `http://localhost:<port>`. If `http://localhost` is registered, Entra accepts any port. */
  readonly redirectUri: string;
  /**
   * Resolves with the URL of the redirect of this sign-in. Any other request on this machine, also one with another
   * `state`, is answered with 404 and waited past.
   */
  waitFor(signIn: { readonly state: string }): Promise<string>;
  close(): void;
}

/** Starts the web server on a free port of the loopback interface. */
export async function openLoopbackRedirect(): Promise<LoopbackRedirect> {
  let expected: { readonly state: string; readonly resolve: (url: string) => void } | undefined;
  // Not imported: an import of the module loads Node's own fetch, which takes 30 ms.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer((request, response) => {
    const url = readUrl(request, redirectUri);
    const isCallback =
      url !== undefined && expected !== undefined && url.searchParams.get('state') === expected.state;
    sendPage(response, isCallback);
    if (isCallback) expected?.resolve(url.href);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const redirectUri = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    redirectUri,
    waitFor: ({ state }) =>
      new Promise((resolve) => {
        expected = { state, resolve };
      }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The URL of a redirect; undefined for a request that cannot be one. */
function readUrl({ method, url = '' }: IncomingMessage, redirectUri: string): URL | undefined {
  if (method !== 'GET' || !URL.canParse(url, redirectUri)) return undefined;
  const parsed = new URL(url, redirectUri);
  return parsed.origin === redirectUri && parsed.pathname === '/' ? parsed : undefined;
}

function sendPage(response: ServerResponse<IncomingMessage>, isCallback: boolean): void {
  const text = isCallback
    ? 'You can close this window. The terminal shows the result of the sign-in.'
    : 'This page does not exist.';
  response.writeHead(isCallback ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    // The URL contains the authorization code, so the browser must not pass it on.
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(
    `<!doctype html><title>d365</title><p style="font: 1.2rem system-ui; margin: 3rem">${text}</p>`,
  );
}
