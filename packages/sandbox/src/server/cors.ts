import type { IncomingMessage } from 'node:http';
import { omitUndefined } from 'dynamics365-connector/base';
import type { OutgoingResponse } from './send-response.ts';

const exposedHeaders =
  'Preference-Applied,OData-EntityId,Location,ETag,OData-Version,Content-Encoding,Transfer-Encoding,Content-Length,Retry-After,REQ_ID';
const preflightMethods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']);

/**
 * The response to a CORS preflight of the Web API; undefined for other requests. A preflight needs no token.
 * https://learn.microsoft.com/power-apps/developer/data-platform/oauth-cross-origin-resource-sharing-connect-single-page-application
 */
export function findPreflightResponse(request: IncomingMessage): OutgoingResponse | undefined {
  const { origin } = request.headers;
  const method = request.headers['access-control-request-method'];
  if (request.method !== 'OPTIONS' || !origin || !preflightMethods.has(method ?? '')) return undefined;
  const headers = omitUndefined({
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': method,
    'Access-Control-Allow-Headers': request.headers['access-control-request-headers'],
    'Access-Control-Expose-Headers': exposedHeaders,
    'Access-Control-Max-Age': '3600',
    Vary: 'Origin',
  });
  return { status: 200, headers };
}

/** The headers that let a page of another origin read a response. A request without `Origin` gets none. */
export function corsHeaders(request: IncomingMessage): Readonly<Record<string, string>> {
  if (request.headers.origin === undefined) return {};
  return { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': exposedHeaders };
}
