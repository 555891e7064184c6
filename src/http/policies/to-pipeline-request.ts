import type { ApiRequest } from '../api-request.ts';
import { assertSendable } from '../assert-sendable.ts';
import type { PipelineRequest } from '../pipeline-request.ts';

/** Makes the request that a pipeline sends: checked, complete, with its body as text. */
export type ToPipelineRequest = (request: ApiRequest, url: string, deadline: number) => PipelineRequest;

/**
 * The start of the pipeline of a connection: adds the headers of every Web API request and our request id, and serializes
 * the body. The caller's headers override the standard ones, except for the request id.
 * https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors
 */
export function createToPipelineRequest(): ToPipelineRequest {
  const composeHeaders = createHeaderComposer();
  return (request, url, deadline) => {
    const headers = composeHeaders(request);
    return {
      operation: request.operation,
      requestId: request.requestId,
      method: request.method,
      url,
      headers: { ...headers, 'x-ms-client-request-id': request.requestId },
      body: serializeBody(request, headers['content-type']),
      receiver: request.receiver,
      safety: request.safety,
      signal: request.signal,
      deadline,
      state: { attempts: 0, ambiguous: false, tokenRenewed: false },
    };
  };
}

type ComposeHeaders = (
  request: Pick<ApiRequest, 'method' | 'headers' | 'body' | 'multipart'>,
) => Readonly<Record<string, string>>;

/** Most calls of an action have one object of headers, so the last ones are kept. */
function createHeaderComposer(): ComposeHeaders {
  let last:
    | {
        readonly given: object;
        readonly method: string;
        readonly hasBody: boolean;
        readonly headers: Readonly<Record<string, string>>;
      }
    | undefined;
  return ({ method, headers, body, multipart }) => {
    const hasBody = body !== undefined || multipart !== undefined;
    if (last?.given === headers && last.method === method && last.hasBody === hasBody) return last.headers;
    last = { given: headers, method, hasBody, headers: toSentHeaders(method, headers, hasBody) };
    return last.headers;
  };
}

function toSentHeaders(
  method: ApiRequest['method'],
  given: ApiRequest['headers'],
  hasBody: boolean,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'odata-version': '4.0',
    'odata-maxversion': '4.0',
  };
  // Without it, Dataverse returns expanded collections from a cache.
  if (method === 'GET') headers['if-none-match'] = 'null';
  if (hasBody) headers['content-type'] = jsonType;
  for (const name in given) {
    const value = given[name];
    if (value === undefined) continue;
    const lowerName = name.toLowerCase();
    assertSendable(lowerName, value);
    headers[lowerName] = value;
  }
  return headers;
}

const jsonType = 'application/json; charset=utf-8';

function serializeBody(
  { body, multipart }: ApiRequest,
  contentType = jsonType,
): string | Uint8Array | undefined {
  if (multipart !== undefined) return multipart.toBody();
  if (body === undefined) return undefined;
  return typeof body === 'string' && !/\bjson\b/i.test(contentType) ? body : JSON.stringify(body);
}
