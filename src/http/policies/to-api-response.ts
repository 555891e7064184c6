import { ConnectorError } from '../../errors/connector-error.ts';
import type { ErrorMapping } from '../../model/definition.ts';
import type { Json } from '../../model/json.ts';
import type { ApiResponse } from '../api-request.ts';
import type { PipelineRequest, RawResponse } from '../pipeline-request.ts';
import { toResponseError } from '../to-response-error.ts';

/**
 * Interprets a response. JSON is parsed; plain text, XML and multipart stay text. Dataverse never returns HTML, so HTML
 * with a status that a proxy or a sign-in page may return is RESPONSE_NOT_JSON.
 */
export function toApiResponse(
  request: PipelineRequest,
  response: RawResponse,
  rules: readonly ErrorMapping[],
): ApiResponse {
  const { status, headers } = response;
  const { attempts, ambiguous } = request.state;
  if (isSuccess(status)) {
    const body = response.text === '' ? undefined : parse(response);
    if (body === unreadable) throw notJsonError(response);
    return { status, headers, body, attempts, ambiguous };
  }
  if (isHtmlRejection(response)) throw notJsonError(response);
  const parsed = parse(response);
  const body = parsed === unreadable ? response.text : parsed;
  const error = toResponseError(request, { ...response, body }, rules);
  return { status, headers, body, attempts, ambiguous, error };
}

function isSuccess(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

const unreadable = Symbol('unreadable');

function parse({ headers, text }: RawResponse): Json | typeof unreadable {
  const type = headers['content-type'] ?? 'application/json';
  if (/^(?:text\/plain|multipart\/mixed|application\/xml)\b/i.test(type)) return text;
  if (!/\bjson\b/i.test(type)) return unreadable;
  try {
    return JSON.parse(text);
  } catch {
    return unreadable;
  }
}

/**
 * True for a 4xx in HTML, which comes from a proxy, a firewall or a site without Web API. 401, 408 and 429 keep their
 * meaning, and so do gateway errors (5xx).
 */
function isHtmlRejection({ status, headers, text }: RawResponse): boolean {
  const html = /\bhtml\b/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(text);
  return html && status >= 400 && status < 500 && ![401, 408, 429].includes(status);
}

function notJsonError({ status, headers, text }: RawResponse): ConnectorError {
  const type = headers['content-type']?.split(';', 1)[0]?.trim() || 'no content type';
  return new ConnectorError(
    'RESPONSE_NOT_JSON',
    `The response (HTTP ${status}, ${text.length} characters, ${type}) is not JSON.`,
    { status },
  );
}
