import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Certificate } from './certificate.ts';

/** A request that passed the gateway, with its answer. */
export interface Exchange {
  readonly method: string;
  readonly target: string;
  readonly requestBody: string;
  readonly status: number;
  readonly responseBody: string;
}

/** A reverse proxy in front of an organization that records what passes. */
export interface Gateway {
  readonly httpOrigin: string;
  readonly httpsPort: number;
  /** The exchanges since the last call. */
  takeExchanges(): readonly Exchange[];
  close(): Promise<void>;
}

/**
 * Starts a gateway over HTTP and HTTPS: some clients speak HTTPS only. URLs of the organization in bodies and headers
 * are replaced, so that a client stays on the origin that it knows.
 */
export async function startGateway(organizationOrigin: string, certificate: Certificate): Promise<Gateway> {
  let exchanges: Exchange[] = [];
  const forward = createForwarder(organizationOrigin, (exchange) => exchanges.push(exchange));
  const plain = createServer(forward);
  const secure = createTlsServer(certificate, forward);
  const [httpPort, httpsPort] = await Promise.all([listen(plain), listen(secure)]);
  return {
    httpOrigin: `http://127.0.0.1:${httpPort}`,
    httpsPort,
    takeExchanges() {
      const taken = exchanges;
      exchanges = [];
      return taken;
    },
    async close() {
      for (const server of [plain, secure]) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function createForwarder(organizationOrigin: string, record: (exchange: Exchange) => void) {
  return async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const scheme = 'encrypted' in incoming.socket ? 'https' : 'http';
    const clientOrigin = `${scheme}://${incoming.headers.host}`;
    const inbound = replaceText(clientOrigin, organizationOrigin);
    const outbound = replaceText(organizationOrigin, clientOrigin);
    const requestBody = inbound(await buffer(incoming));
    const headers = { ...incoming.headers, 'content-length': String(requestBody.length) };
    // A chunked request gets a length here.
    delete headers['transfer-encoding'];
    delete headers.host;
    const response = await send(new URL(organizationOrigin), incoming, { headers, body: requestBody });
    const body = outbound(response.body);
    for (const [name, value] of Object.entries(response.headers)) {
      const texts = [value ?? ''].flat().map((text) => outbound(Buffer.from(text)).toString());
      outgoing.setHeader(name, Array.isArray(value) ? texts : (texts[0] ?? ''));
    }
    if (response.headers['content-length'] !== undefined) outgoing.setHeader('content-length', body.length);
    record({
      method: incoming.method ?? '',
      target: incoming.url ?? '',
      requestBody: requestBody.toString(),
      status: response.status,
      responseBody: body.toString(),
    });
    outgoing.writeHead(response.status);
    outgoing.end(body);
  };
}

async function send(
  origin: URL,
  { method, url }: IncomingMessage,
  { headers, body }: { readonly headers: IncomingMessage['headers']; readonly body: Buffer },
) {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  request({ hostname: origin.hostname, port: origin.port, method, path: url, headers }, resolve)
    .on('error', reject)
    .end(body);
  const answer = await promise;
  return { status: answer.statusCode ?? 502, headers: answer.headers, body: await buffer(answer) };
}

/** Replaces a text in bytes; binary content stays as it is. */
function replaceText(from: string, to: string) {
  return (bytes: Buffer): Buffer =>
    bytes.includes(from) ? Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1') : bytes;
}
