import type { Json } from '../../model/json.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { ApiRequest } from '../api-request.ts';
import type { PipelineRequest } from '../pipeline-request.ts';
import { redactPath } from '../redact-path.ts';

/**
 * The start of the pipeline: adds the headers of every Web API request and our request id, and serializes the body. The
 * caller's headers override the standard ones, except for the request id.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function toPipelineRequest(request: ApiRequest, url: URL, deadline: number): PipelineRequest {
  const callerHeaders = lowerCase(request.headers);
  const headers = omitUndefined<Record<string, string | undefined>>({
    accept: 'application/json',
    'odata-version': '4.0',
    'odata-maxversion': '4.0',
    // Without it, Dataverse returns expanded collections from a cache.
    'if-none-match': request.method === 'GET' ? 'null' : undefined,
    'content-type': request.body === undefined ? undefined : 'application/json; charset=utf-8',
    ...callerHeaders,
    'x-ms-client-request-id': request.requestId,
  });
  return {
    operation: request.operation,
    requestId: request.requestId,
    method: request.method,
    url: url.href,
    redactedPath: redactPath(url.pathname),
    headers,
    body: request.body === undefined ? undefined : serializeBody(request.body, callerHeaders['content-type']),
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
