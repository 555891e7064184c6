import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, gzipSync } from 'node:zlib';
import type { Random } from '../random.ts';

/** A response before it is sent. */
export interface OutgoingResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

// Smaller bodies are not worth compressing.
const minGzipBytes = 256;

/** The service that sends a response. */
export interface ResponseSource {
  /** Its clock, in milliseconds since the epoch. */
  readonly now: number;
  /** Source of request ids and cookies. */
  readonly random: Random;
  /** Absent for the discovery service. */
  readonly organizationId?: string;
}

/** Sends a response with the headers that Dataverse adds to each one. */
export function sendResponse(
  request: IncomingMessage,
  response: ServerResponse,
  outgoing: OutgoingResponse & ResponseSource,
): void {
  const bytes = Buffer.from(outgoing.body ?? '');
  const isGzipped = bytes.length >= minGzipBytes && acceptsGzip(request);
  const body = isGzipped ? gzipSync(bytes, { level: constants.Z_BEST_SPEED }) : bytes;
  for (const [name, value] of Object.entries({ ...standardHeaders(outgoing), ...outgoing.headers })) {
    response.setHeader(name, value);
  }
  const cookies = createCookies(request, outgoing);
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies);
  if (isGzipped) response.setHeader('Content-Encoding', 'gzip');
  // A 304 or 204 response has no body and no Content-Length (RFC 9110 section 8.6).
  if (outgoing.status !== 204 && outgoing.status !== 304) response.setHeader('Content-Length', body.length);
  response.writeHead(outgoing.status);
  response.end(request.method === 'HEAD' ? undefined : body);
}

const allowedMethods = 'OPTIONS,GET,HEAD,POST';

function standardHeaders({ now, random, status, body = '' }: OutgoingResponse & ResponseSource) {
  const requestId = random.uuid();
  return {
    'Cache-Control': 'no-cache',
    Allow: allowedMethods,
    Public: allowedMethods,
    Expires: '-1',
    Date: new Date(now).toUTCString(),
    'x-ms-service-request-id': requestId,
    REQ_ID: requestId,
    AuthActivityId: random.uuid(),
    // Dataverse compresses successful responses only.
    ...(status < 300 && body.length > 0 && { Vary: 'Accept-Encoding' }),
  };
}

/** The session cookies, unless the client sends them, and the time of the last write. */
function createCookies(
  { method, headers: { cookie } }: IncomingMessage,
  { now, random, status, organizationId }: OutgoingResponse & ResponseSource,
): readonly string[] {
  const attributes = (expiresAt: number) =>
    `; expires=${new Date(expiresAt).toUTCString()}; path=/; secure; HttpOnly`;
  const isWrite = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS' && status < 400;
  const committedAt = new Date(now).toISOString().slice(0, 19).replace('T', ' ');
  const lastCommit = `last_commit_time=${committedAt}Z${attributes(now + 60_000)}`;
  const commit = isWrite && organizationId !== undefined ? [lastCommit] : [];
  if (cookie?.includes('ARRAffinity=')) return commit;
  const affinity = `ARRAffinity=${random.hex(32)}; path=/; secure; HttpOnly`;
  const session = attributes(new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + 50));
  return [
    affinity,
    `ReqClientId=${random.uuid()}${session}`,
    ...(organizationId === undefined ? [] : [`orgId=${organizationId}${session}`]),
    ...commit,
    affinity,
  ];
}

function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '').toLowerCase();
  return /(^|[\s,])(gzip|\*)(?!\s*;\s*q=0(\.0*)?(\s*,|\s*$))/.test(accepted);
}
