import { ConnectorError } from '../../errors/connector-error.ts';
import type { ErrorMapping } from '../../model/definition.ts';
import type { Json } from '../../model/json.ts';
import type { ApiResponse } from '../api-request.ts';
import type { PipelineRequest, RawResponse } from '../pipeline-request.ts';
import { toResponseError } from '../to-response-error.ts';

/**
 * The last word on a reply: interprets what was read and nothing else. JSON becomes data; plain text, XML and
 * multipart stay text; HTML never comes from Dataverse, so it is refused with any status that a proxy or
 * sign-in page may answer with.
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

/** A refusal in HTML: of a proxy, a firewall, or a site that is no Web API. Gateway errors and 401 keep their meaning. */
function isHtmlRejection({ status, headers, text }: RawResponse): boolean {
  const html = /\bhtml\b/i.test(headers['content-type'] ?? '') || /^\s*<(?:!doctype|html)/i.test(text);
  return html && status >= 400 && status < 500 && ![401, 408, 429].includes(status);
}

function notJsonError({ status, headers, text }: RawResponse): ConnectorError {
  const type = headers['content-type']?.split(';', 1)[0]?.trim() || 'no content type';
  return new ConnectorError(
    'RESPONSE_NOT_JSON',
    `Something answered HTTP ${status} with ${text.length} characters that are not JSON (${type}).`,
    { status },
  );
}
