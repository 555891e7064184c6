import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** A response before it is sent. */
export interface OutgoingResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

// Smaller bodies are not worth compressing.
const minGzipBytes = 256;

/** Sends a response with the headers that Dataverse adds to each one. `now`: the organization's clock in milliseconds. */
export function sendResponse(
  request: IncomingMessage,
  response: ServerResponse,
  outgoing: OutgoingResponse & { now: number },
): void {
  const bytes = Buffer.from(outgoing.body ?? '');
  const isGzipped = bytes.length >= minGzipBytes && acceptsGzip(request);
  const body = isGzipped ? gzipSync(bytes) : bytes;
  for (const [name, value] of Object.entries({ ...standardHeaders(outgoing.now), ...outgoing.headers })) {
    response.setHeader(name, value);
  }
  if (!request.headers.cookie?.includes('ARRAffinity=')) {
    response.setHeader('Set-Cookie', [
      `ARRAffinity=${randomBytes(32).toString('hex')}; path=/; HttpOnly`,
      `ReqClientId=${randomUUID()}; path=/; HttpOnly`,
    ]);
  }
  if (isGzipped) response.setHeader('Content-Encoding', 'gzip');
  // A 304 or 204 response has no body and no Content-Length (RFC 9110 section 8.6).
  if (outgoing.status !== 204 && outgoing.status !== 304) response.setHeader('Content-Length', body.length);
  response.writeHead(outgoing.status);
  response.end(request.method === 'HEAD' ? undefined : body);
}

function standardHeaders(now: number): Record<string, string> {
  const id = randomUUID();
  return {
    'Cache-Control': 'no-cache',
    Expires: '-1',
    Date: new Date(now).toUTCString(),
    'x-ms-service-request-id': `${randomUUID()},${id}`,
    REQ_ID: `${id},${id}`,
    AuthActivityId: randomUUID(),
    'CRM.ServiceId': 'CRMAppPool',
  };
}

function acceptsGzip(request: IncomingMessage): boolean {
  const accepted = String(request.headers['accept-encoding'] ?? '').toLowerCase();
  return /(^|[\s,])(gzip|\*)(?!\s*;\s*q=0(\.0*)?(\s*,|\s*$))/.test(accepted);
}
