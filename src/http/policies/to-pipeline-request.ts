import type { Json } from '../../model/json.ts';
import type { ApiRequest } from '../api-request.ts';
import { assertSendable } from '../assert-sendable.ts';
import type { PipelineRequest } from '../pipeline-request.ts';

/**
 * The start of the pipeline: adds the headers of every Web API request and our request id, and serializes the body. The
 * caller's headers override the standard ones, except for the request id.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function toPipelineRequest(request: ApiRequest, url: string, deadline: number): PipelineRequest {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'odata-version': '4.0',
    'odata-maxversion': '4.0',
  };
  // Without it, Dataverse returns expanded collections from a cache.
  if (request.method === 'GET') headers['if-none-match'] = 'null';
  if (request.body !== undefined) headers['content-type'] = jsonType;
  for (const name in request.headers) {
    const value = request.headers[name];
    if (value === undefined) continue;
    const lowerName = name.toLowerCase();
    assertSendable(lowerName, value);
    headers[lowerName] = value;
  }
  headers['x-ms-client-request-id'] = request.requestId;
  return {
    operation: request.operation,
    requestId: request.requestId,
    method: request.method,
    url,
    headers,
    body: request.body === undefined ? undefined : serializeBody(request.body, headers['content-type']),
    receiver: request.receiver,
    safety: request.safety,
    signal: request.signal,
    deadline,
    state: { attempts: 0, ambiguous: false, tokenRenewed: false },
  };
}

const jsonType = 'application/json; charset=utf-8';

function serializeBody(body: Json, contentType = jsonType): string {
  return typeof body === 'string' && !/\bjson\b/i.test(contentType) ? body : JSON.stringify(body);
}
