import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A real HTTP server on loopback for one test. The handler can be replaced; the connections are recorded. */
export interface LoopbackServer {
  readonly url: string;
  readonly connections: ReadonlySet<Socket>;
  handle: RequestListener;
  close(): Promise<void>;
}

export async function startServer(): Promise<LoopbackServer> {
  const connections = new Set<Socket>();
  const server = http.createServer((request, response) => self.handle(request, response));
  server.on('connection', (socket) => connections.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const self: LoopbackServer = {
    url: `http://127.0.0.1:${port}/api`,
    connections,
    handle: (_, response) => void response.end(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return self;
}

/** Reads the body of a request as text. */
export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

/** Resolves when the client has closed the connection of this response. */
export function closedByClient(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.on('close', resolve));
}

/** A server that accepts connections and sends nothing. */
export interface SilentServer {
  readonly port: number;
  onConnection(listener: () => void): void;
  close(): void;
}

export async function startSilentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => {})));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    onConnection: (listener) => void server.on('connection', listener),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
