import type { Json } from '../../model/json.ts';
import type { ApiRequest } from '../api-request.ts';
import type { PipelineRequest } from '../pipeline-request.ts';
import { redactPath } from '../redact-path.ts';

/**
 * The first stop: the call gets the headers that every Web API request carries, our request id and its
 * body as text. The caller's headers win, except for the request id.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function toPipelineRequest(request: ApiRequest, url: URL, deadline: number): PipelineRequest {
  const given = lowerCase(request.headers);
  const headers: Record<string, string> = {
    accept: 'application/json',
    'odata-version': '4.0',
    'odata-maxversion': '4.0',
    // Dataverse would otherwise answer expanded collections out of a cache.
    ...(request.method === 'GET' ? { 'if-none-match': 'null' } : {}),
    ...(request.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...given,
    'x-ms-client-request-id': request.requestId,
  };
  return {
    operation: request.operation,
    requestId: request.requestId,
    method: request.method,
    url: url.href,
    redactedPath: redactPath(url.pathname),
    headers,
    body: request.body === undefined ? undefined : serializeBody(request.body, given['content-type']),
    safety: request.safety,
    signal: request.signal,
    deadline,
    state: { attempts: 0, ambiguous: false, tokenRenewed: false },
  };
}

function serializeBody(body: Json, contentType: string | undefined): string {
  const isText = typeof body === 'string' && contentType !== undefined && !/\bjson\b/i.test(contentType);
  return isText ? body : JSON.stringify(body);
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
