import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectorError } from 'dynamics365-connector/base';

/** Handles the requests of one listener. A rejected promise gives 500, or closes the connection if headers were sent. */
export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** An HTTP server on 127.0.0.1. */
export interface Listener {
  /** `http://127.0.0.1:…` */
  readonly origin: string;
  /** Sets the handler. Before that, requests get 503. */
  serve(handle: RequestHandler): void;
  /** Closes all connections and the port. */
  close(): Promise<void>;
}

// Dataverse accepts URLs of 32 KB; the headers also hold a token.
const maxHeaderBytes = 128 * 1024;

/** Listens on a port of the loopback address; 0 means any free port. */
export async function listen(port = 0): Promise<Listener> {
  let currentHandler: RequestHandler = async (_request, response) => void response.writeHead(503).end();
  const server = createServer(
    { maxHeaderSize: maxHeaderBytes, keepAliveTimeout: 60_000 },
    (request, response) => {
      // A connection can break at any time; that must not end the process.
      request.on('error', () => {});
      response.on('error', () => {});
      void (async () => {
        if (!isOwnHost(request.headers.host)) return void response.writeHead(421).end();
        await currentHandler(request, response);
      })().catch(() => {
        if (response.headersSent) response.destroy();
        else response.writeHead(500).end();
      });
    },
  );
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable) return;
    const status =
      error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  await startListening(server, port);
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (handler) => {
      currentHandler = handler;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Rejects requests from web pages that point their own host name at 127.0.0.1 (DNS rebinding). */
function isOwnHost(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i.test(host ?? '');
}

function startListening(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new ConnectorError('SETTING_INVALID', `The sandbox cannot listen on port ${port}: ${error.code}.`, {
          advice: 'Choose another port, or omit the option "port" to use a free one.',
        }),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
}
