import type { Json } from '../../model/json.ts';
import type { Call } from '../call.ts';
import type { Passage } from '../passage.ts';
import { redactPath } from '../redact-path.ts';

/**
 * The first stop: the call gets the headers that every Web API request carries, our request id and its
 * body as text. The caller's headers win, except for the request id.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function identify(call: Call, url: URL, deadline: number): Passage {
  const given = lowerCase(call.headers);
  const headers: Record<string, string> = {
    accept: 'application/json',
    'odata-version': '4.0',
    'odata-maxversion': '4.0',
    // Dataverse would otherwise answer expanded collections out of a cache.
    ...(call.method === 'GET' ? { 'if-none-match': 'null' } : {}),
    ...(call.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    ...given,
    'x-ms-client-request-id': call.requestId,
  };
  return {
    operation: call.operation,
    requestId: call.requestId,
    method: call.method,
    url: url.href,
    shownPath: redactPath(url.pathname),
    headers,
    payload: call.body === undefined ? undefined : write(call.body, given['content-type']),
    safety: call.safety,
    signal: call.signal,
    deadline,
    tally: { attempts: 0, ambiguous: false, renewed: false },
  };
}

function write(body: Json, contentType: string | undefined): string {
  const isText = typeof body === 'string' && contentType !== undefined && !/\bjson\b/i.test(contentType);
  return isText ? body : JSON.stringify(body);
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
