import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A door on this machine that a browser comes back to after a sign-in (RFC 8252, section 7.3). */
export interface LoopbackRedirect {
  /** `http://localhost:<port>`: Entra lets the port vary where `http://localhost` is registered. */
  readonly redirectUri: string;
  /** The full address of the first return that carries an answer. */
  readonly callback: Promise<string>;
  close(): void;
}

/** Opens the door on a free port of the loopback interface. */
export async function openLoopbackRedirect(): Promise<LoopbackRedirect> {
  let resolveCallback: (url: string) => void;
  const callback = new Promise<string>((resolve) => {
    resolveCallback = resolve;
  });
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
    ? 'That is all: you can close this window. The terminal says how it went.'
    : 'Nothing is here.';
  response.writeHead(isCallback ? 200 : 404, {
    'content-type': 'text/html; charset=utf-8',
    // The address holds the code: nothing on the page may pass it on.
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    connection: 'close',
  });
  response.end(
    `<!doctype html><title>d365</title><p style="font: 1.2rem system-ui; margin: 3rem">${text}</p>`,
  );
}
