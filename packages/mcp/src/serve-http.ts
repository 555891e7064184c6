import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ConnectorError } from 'dynamics365-connector';
import { loadMcpSdk, type McpSdk } from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { createMcpServerFactory } from './server-factory.ts';

/** A running MCP server over Streamable HTTP, for clients on this machine. */
export interface McpHttpServer {
  readonly url: string;
  /** What a client must send as `Authorization: Bearer <token>`. */
  readonly token: string;
  close(): Promise<void>;
}

export interface McpHttpOptions {
  /** Any free one unless told. */
  readonly port?: number;
  /** A fresh random one unless told. */
  readonly token?: string;
}

type FetchHandler = (request: Request) => Promise<Response>;

/**
 * Serves MCP over Streamable HTTP on 127.0.0.1. Pages of a browser are kept out by Host and Origin, other users of
 * the machine by the token. Clients older than 2026 are served without sessions, so they cannot be asked to confirm.
 * SETTING_INVALID where the port is taken.
 */
export async function serveMcpHttp(
  config: McpServerConfig,
  options: McpHttpOptions = {},
): Promise<McpHttpServer> {
  const sdk = await loadMcpSdk();
  const token = options.token ?? randomBytes(32).toString('base64url');
  const handler = sdk.createMcpHandler(createMcpServerFactory(sdk, config));
  const answer: FetchHandler = async (request) =>
    rejectUnauthorized(sdk, request, token) ?? (await handler.fetch(request));
  const server = createServer((incoming, outgoing) => void handleRequest(answer, incoming, outgoing));
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening').catch(({ code }: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `Port ${options.port} cannot be listened on (${code}).`, {
      advice: 'Choose another port, or 0 for any that is free.',
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

function rejectUnauthorized(sdk: McpSdk, request: Request, token: string): Response | undefined {
  const rejection =
    sdk.hostHeaderValidationResponse(request, sdk.localhostAllowedHostnames()) ??
    sdk.originValidationResponse(request, sdk.localhostAllowedOrigins());
  if (rejection !== undefined) return rejection;
  if (timingSafeEqualText(request.headers.get('authorization') ?? '', `Bearer ${token}`)) return undefined;
  return new Response(null, { status: 401, headers: { 'www-authenticate': 'Bearer' } });
}

function timingSafeEqualText(actual: string, expected: string): boolean {
  const [a, b] = [Buffer.from(actual), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** One exchange of Node's HTTP server as a Request and a Response. */
async function handleRequest(
  answer: FetchHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const closed = new AbortController();
  outgoing.on('close', () => closed.abort());
  try {
    const response = await answer(toWebRequest(incoming, closed.signal));
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
    ...(hasBody ? { body: Readable.toWeb(incoming) as never, duplex: 'half' as const } : {}),
  });
}
