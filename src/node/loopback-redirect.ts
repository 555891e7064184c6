import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web server on this machine that receives the redirect of a sign-in (RFC 8252, section 7.3). */
export interface LoopbackRedirect {
  /** `http://localhost:<port>`. If `http://localhost` is registered, Entra accepts any port. */
  readonly redirectUri: string;
  /** The URL of the first redirect with a `state`. */
  readonly callback: Promise<string>;
  close(): void;
}

/** Starts the web server on a free port of the loopback interface. */
export async function openLoopbackRedirect(): Promise<LoopbackRedirect> {
  let resolveCallback: (url: string) => void;
  const callback = new Promise<string>((resolve) => {
    resolveCallback = resolve;
  });
  // Not imported: an import of the module loads Node's own fetch, which takes 30 ms.
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', redirectUri);
    const isCallback = request.method === 'GET' && url.pathname === '/' && url.searchParams.has('state');
    sendPage(response, isCallback);
    if (isCallback) resolveCallback(url.href);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const redirectUri = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    redirectUri,
    callback,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
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
