import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { ConnectorError, type JsonObject, type RunOptions } from 'dynamics365-connector';
import {
  type AnyClient,
  assertListenAddress,
  assertOptions,
  isLoopbackHost,
  type OptionsRule,
  observeRequest,
  runAs,
  runtimeOf,
  untypedClient,
} from 'dynamics365-connector/host';
import { type Caller, type CallerAuthOptions, openCallerAuth } from './caller-auth.ts';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from './mcp-sdk.ts';
import type { McpServerConfig } from './mcp-server-config.ts';
import { protectedResourceMetadata, resourceMetadataPath } from './protected-resource.ts';
import { createMcpServerFactory } from './server-factory.ts';

/** A caller whose requests share a connection. `token` is always that of the newest request. */
export type CallerSession = Omit<Caller, 'token'> & { token: string };

/** A running MCP server over Streamable HTTP. */
export interface McpHttpServer {
  /** The endpoint: `http://127.0.0.1:<port>/mcp`, or that of `publicUrl`. */
  readonly url: string;
  /** Clients send it as `Authorization: Bearer <token>`; with `callers` they send tokens of their own. */
  readonly token: string;
  /** Stops the server and closes its connections. */
  close(): Promise<void>;
}

export interface McpHttpOptions {
  /** TCP port, 0 to 65535. Default: any free port. */
  readonly port?: number;
  /** Default: a new random token. Not used with `callers`. */
  readonly token?: string;
  /** Callers sign in with OAuth, and each acts with their own rights. */
  readonly callers?: CallerAuthOptions;
  /** The address to listen on. Default: 127.0.0.1. Another one needs `callers` and `publicUrl`. */
  readonly host?: string;
  /** The URL of this server as clients see it, such as `https://mcp.contoso.com`, where a proxy ends TLS. */
  readonly publicUrl?: string;
  /**
   * The client of a caller. Default: the client of the config, which acts as the caller (`asUser`), so that Dataverse
   * applies the rights of both.
   */
  readonly connectCaller?: (caller: CallerSession) => AnyClient;
}

const httpRule: OptionsRule<McpHttpOptions> = {
  of: 'serveMcpHttp',
  types: {
    port: 'any',
    token: 'text',
    callers: 'any',
    host: 'any',
    publicUrl: 'text',
    connectCaller: 'function',
  },
  code: 'SETTING_INVALID',
};

const callersRule: OptionsRule<CallerAuthOptions> = {
  of: 'callers',
  types: { issuer: 'text', audience: 'text', scope: 'text' },
  code: 'SETTING_INVALID',
};

type FetchHandler = (request: Request) => Promise<Response>;

/**
 * Serves MCP over Streamable HTTP, by default on 127.0.0.1 with one token. The Host and Origin headers are checked, so web
 * pages cannot reach it. With `callers` it is an OAuth resource server (RFC 9728): clients find the authorization server,
 * and each caller has a connection of their own. Clients of protocols before 2026 have no session, so they cannot be asked
 * to confirm.
 *
 * @throws SETTING_INVALID when the port is in use, the authorization server cannot be reached, or another address than
 *   loopback is chosen without `callers` and `publicUrl`.
 * @see https://modelcontextprotocol.io/specification/draft/basic/authorization
 */
export async function serveMcpHttp(
  config: McpServerConfig,
  given: McpHttpOptions = {},
): Promise<McpHttpServer> {
  const options = assertOptions(given, httpRule);
  if (options.callers !== undefined) assertOptions(options.callers, callersRule);
  const { port = 0, host = '127.0.0.1', token = randomBytes(32).toString('base64url') } = options;
  assertSafeAddress(host, options);
  const settings: HandlerSettings = { config, options, token, baseUrl: () => baseUrl() };
  const { handle: answer, close } = await createRequestHandler(settings);
  const { telemetry } = runtimeOf(config.connector).services;
  const handle: FetchHandler = async (request) => {
    const { method, headers } = request;
    const observed = { method, route: '/mcp', header: (name: string) => headers.get(name) };
    return await observeRequest(telemetry, observed, async () => await answer(request));
  };
  const server = createServer((incoming, outgoing) => void handleRequest(handle, incoming, outgoing));
  const baseUrl = () =>
    options.publicUrl?.replace(/\/$/, '') ?? `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  assertListenAddress(host, port);
  server.listen(port, host);
  await once(server, 'listening').catch(({ code }: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `The server cannot listen on ${host}:${port} (${code}).`, {
      advice: 'Choose another port, or 0 for any free port.',
    });
  });
  return {
    url: `${baseUrl()}/mcp`,
    token,
    async close() {
      await close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function assertSafeAddress(host: string, { callers, publicUrl }: McpHttpOptions): void {
  if (isLoopbackHost(host) || (callers !== undefined && publicUrl !== undefined)) return;
  throw new ConnectorError('SETTING_INVALID', `The server must not listen on ${host} without a sign-in.`, {
    advice: 'Set the authorization server of its callers and its public URL, or listen on 127.0.0.1.',
  });
}

interface HandlerSettings {
  readonly config: McpServerConfig;
  readonly options: McpHttpOptions;
  readonly token: string;
  /** Known when the server listens. */
  readonly baseUrl: () => string;
}

interface RequestHandler {
  readonly handle: FetchHandler;
  close(): Promise<void>;
}

async function createRequestHandler(settings: HandlerSettings): Promise<RequestHandler> {
  const { config, options, token } = settings;
  if (options.callers !== undefined) return await createCallerHandler(settings, options.callers);
  const handler = createMcpHandler(createMcpServerFactory(config));
  return {
    handle: async (request) =>
      rejectForeign(request, settings) ??
      (hasToken(request, token) ? await handler.fetch(request) : unauthorized('Bearer')),
    close: () => handler.close(),
  };
}

/** Callers whose handlers are kept; the one that was used least recently is closed for a new one. */
const maxCallers = 1000;

async function createCallerHandler(
  settings: HandlerSettings,
  callers: CallerAuthOptions,
): Promise<RequestHandler> {
  const { config, options, baseUrl } = settings;
  const { send, audit } = runtimeOf(config.connector).services;
  const auth = await openCallerAuth(callers, send);
  const connect = options.connectCaller ?? ((caller) => actAsCaller(config.client, caller));
  const handlers = new Map<string, CallerHandler>();
  const handlerOf = (caller: Caller) => {
    const key = JSON.stringify([caller.tenantId, caller.objectId]);
    const known = handlers.get(key) ?? createCaller(config, caller, connect);
    // The newest token is the one that lives longest.
    known.session.token = caller.token;
    handlers.delete(key);
    handlers.set(key, known);
    for (const [oldest, { handler }] of handlers) {
      if (handlers.size <= maxCallers) break;
      handlers.delete(oldest);
      void handler.close();
    }
    return known.handler;
  };
  return {
    async handle(request) {
      const foreign = rejectForeign(request, settings);
      if (foreign !== undefined) return foreign;
      if (new URL(request.url).pathname.startsWith(resourceMetadataPath))
        return Response.json(protectedResourceMetadata(baseUrl(), callers));
      const caller = await auth.verify(request.headers.get('authorization'));
      if (caller !== undefined) {
        return await runAs(audit, `caller ${caller.objectId}`, () => handlerOf(caller).fetch(request));
      }
      const scope = callers.scope === undefined ? '' : `, scope="${callers.scope}"`;
      const error = request.headers.has('authorization') ? 'error="invalid_token", ' : '';
      return unauthorized(
        `Bearer ${error}resource_metadata="${baseUrl()}${resourceMetadataPath}/mcp"${scope}`,
      );
    },
    async close() {
      for (const { handler } of handlers.values()) await handler.close();
    },
  };
}

/** What is kept of a caller between requests. */
interface CallerHandler {
  readonly handler: ReturnType<typeof createMcpHandler>;
  readonly session: CallerSession;
}

function createCaller(
  config: McpServerConfig,
  { token, ...caller }: Caller,
  connect: (caller: CallerSession) => AnyClient,
): CallerHandler {
  const session: CallerSession = { ...caller, token };
  const handler = createMcpHandler(createMcpServerFactory({ ...config, client: connect(session) }));
  return { handler, session };
}

/** A client whose actions run as the caller: Dataverse applies the rights of the connection's user and of the caller. */
function actAsCaller(client: AnyClient, { objectId }: CallerSession): AnyClient {
  const { run, metadata } = untypedClient(client);
  // Other methods are left out: they would act as the connection's own user.
  const acting = {
    metadata,
    run: (action: string, input?: JsonObject, options?: RunOptions) =>
      run(action, input, { ...options, asUser: objectId }),
  };
  return acting as unknown as AnyClient;
}

/** Rejects requests of web pages (Origin) and of rebound names (Host). */
function rejectForeign(request: Request, { options: { publicUrl } }: HandlerSettings): Response | undefined {
  const own = publicUrl === undefined ? undefined : new URL(publicUrl);
  const hosts =
    own === undefined ? localhostAllowedHostnames() : [own.hostname, ...localhostAllowedHostnames()];
  const origins =
    own === undefined ? localhostAllowedOrigins() : [own.hostname, ...localhostAllowedOrigins()];
  return hostHeaderValidationResponse(request, hosts) ?? originValidationResponse(request, origins);
}

function hasToken(request: Request, token: string): boolean {
  return timingSafeEqualText(request.headers.get('authorization') ?? '', `Bearer ${token}`);
}

function unauthorized(challenge: string): Response {
  return new Response(null, { status: 401, headers: { 'www-authenticate': challenge } });
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
