import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ConnectorError } from 'dynamics365-connector';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { createMcpServerFactory } from './server-factory.ts';

/** A running MCP server over Streamable HTTP, for clients on this machine. */
export interface McpHttpServer {
  /** The endpoint: `http://127.0.0.1:<port>/mcp`. */
  readonly url: string;
  /** Clients send it as `Authorization: Bearer <token>`. */
  readonly token: string;
  /** Stops the server and closes its connections. */
  close(): Promise<void>;
}

export interface McpHttpOptions {
  /** TCP port, 0 to 65535. Default: any free port. */
  readonly port?: number;
  /** Default: a new random token. */
  readonly token?: string;
}

type FetchHandler = (request: Request) => Promise<Response>;

/**
 * Serves MCP over Streamable HTTP on 127.0.0.1. The Host and Origin headers are checked, so web pages cannot reach it;
 * the token keeps out other users of the machine. Clients of protocols before 2026 have no session, so they cannot be
 * asked to confirm.
 *
 * @throws SETTING_INVALID when the port is in use.
 * @see https://modelcontextprotocol.io/specification/draft/basic/transports
 */
export async function serveMcpHttp(
  config: McpServerConfig,
  { port = 0, token = randomBytes(32).toString('base64url') }: McpHttpOptions = {},
): Promise<McpHttpServer> {
  const handler = createMcpHandler(createMcpServerFactory(config));
  const handle: FetchHandler = async (request) =>
    rejectUnauthorized(request, token) ?? (await handler.fetch(request));
  const server = createServer((incoming, outgoing) => void handleRequest(handle, incoming, outgoing));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch(({ code }: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `The server cannot listen on port ${port} (${code}).`, {
      advice: 'Choose another port, or 0 for any free port.',
    });
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    token,
    async close() {
      await handler.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function rejectUnauthorized(request: Request, token: string): Response | undefined {
  const rejection =
    hostHeaderValidationResponse(request, localhostAllowedHostnames()) ??
    originValidationResponse(request, localhostAllowedOrigins());
  if (rejection !== undefined) return rejection;
  if (timingSafeEqualText(request.headers.get('authorization') ?? '', `Bearer ${token}`)) return undefined;
  return new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer' } });
}

function timingSafeEqualText(actual: string, expected: string): boolean {
  const [a, b] = [Buffer.from(actual), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Handles a request of Node's HTTP server with a handler of the Fetch API. */
async function handleRequest(
  handle: FetchHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const closed = new AbortController();
  outgoing.on('close', () => closed.abort());
  try {
    const response = await handle(toWebRequest(incoming, closed.signal));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (response.body === null) outgoing.end();
    else await pipeline(Readable.fromWeb(response.body as ReadableStream), outgoing);
  } catch {
    outgoing.destroy();
  }
}

function toWebRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', headers } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(new URL(url, `http://${headers.host ?? 'unknown'}`), {
    method,
    headers: headers as Record<string, string>,
    signal,
    body: hasBody ? (Readable.toWeb(incoming) as never) : undefined,
    duplex: 'half',
  });
}
