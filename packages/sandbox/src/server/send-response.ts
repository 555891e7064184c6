import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** An answer before it goes out. */
export interface OutgoingResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

// Below this, packing costs more than it saves.
const minGzipBytes = 256;

/** Sends an answer with the headers that Dataverse puts on every one. `now`: the organization's clock, milliseconds. */
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
  // A 304 or 204 has no body and says nothing about one (RFC 9110 section 8.6).
  if (outgoing.status !== 204 && outgoing.status !== 304) response.setHeader('Content-Length', body.length);
  response.writeHead(outgoing.status);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Dataverse's error body and the header that goes with it. */
export function createErrorResponse(status: number, code: string, message: string): OutgoingResponse {
  return {
    status,
    headers: { 'Content-Type': 'application/json; odata.metadata=minimal', 'OData-Version': '4.0' },
    body: JSON.stringify({ error: { code, message } }),
  };
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
