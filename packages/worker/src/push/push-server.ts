import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from 'dynamics365-connector';
import { assertListenAddress, maxPushBodyBytes } from 'dynamics365-connector/host';
import type { PushReceiver } from './push-receiver.ts';

/** A running receiver of webhooks. */
export interface PushServer {
  /** `http://127.0.0.1:9465` */
  readonly url: string;
  close(): Promise<void>;
}

/** Times in milliseconds. A webhook of Dataverse is short, and its answer takes milliseconds. */
const limits = {
  headersTimeout: 4000,
  requestTimeout: 10_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 1000,
  maxHeaderSize: 16_384,
};
const maxConnections = 1000;

/**
 * Listens for webhooks, behind a reverse proxy that has the public address.
 *
 * @throws SETTING_INVALID when the port is in use
 */
export async function servePush(
  { host, port }: { readonly host: string; readonly port: number },
  receive: PushReceiver,
): Promise<PushServer> {
  const server = createServer(limits, (request, response) => {
    answer(receive, request, response).catch(() => request.destroy());
  });
  server.maxConnections = maxConnections;
  server.on('clientError', (_error, socket) => void socket.destroy());
  await listen(server, host, port);
  const { port: boundPort } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${boundPort}`,
    async close() {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  assertListenAddress(host, port);
  server.listen(port, host);
  await once(server, 'listening').catch(({ code }: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `The receiver cannot listen on ${host}:${port} (${code}).`, {
      advice: 'Choose another address in `push.listen` of worker.yaml.',
    });
  });
}

async function answer(
  receive: PushReceiver,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.on('error', () => {});
  const { method = '', url = '', headers } = request;
  const isTooLong = Number(headers['content-length'] ?? 0) > maxPushBodyBytes;
  const status = isTooLong ? 413 : (await receive({ method, url, headers, body: request })).status;
  // The rest of the body of a refused request is not waited for.
  response.writeHead(status, status === 204 ? {} : { connection: 'close' }).end();
  if (status === 204) drain(request);
  else response.once('finish', () => request.socket.destroySoon());
}

/** Reads the rest of a body, so that the connection can be used again. A long one ends it. */
function drain(request: IncomingMessage): void {
  let length = 0;
  request.on('data', (part: Buffer) => {
    length += part.length;
    if (length > maxPushBodyBytes) request.destroy();
  });
}
