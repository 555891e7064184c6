import { ConnectorError } from '../../errors/connector-error.ts';
import type { ErrorMapping } from '../../model/definition.ts';
import { parseExactJson } from '../../model/exact-json.ts';
import type { Json } from '../../model/json.ts';
import type { ApiResponse } from '../api-request.ts';
import type { PipelineRequest, RawResponse } from '../pipeline-request.ts';

/**
 * Interprets a response. JSON is parsed; plain text, XML and multipart stay text. Dataverse never returns HTML, so HTML
 * with a status that a proxy or a sign-in page may return is RESPONSE_NOT_JSON. The explanations of errors are loaded with
 * the first one.
 */
export function toApiResponse(
  request: PipelineRequest,
  response: RawResponse,
  rules: readonly ErrorMapping[],
): ApiResponse | Promise<ApiResponse> {
  const { status, headers, multipart } = response;
  const { attempts, ambiguous } = request.state;
  if (isSuccess(status)) {
    const body = readBody(response);
    if (body === unreadable) throw notJsonError(response);
    return { status, headers, body, multipart, attempts, ambiguous };
  }
  if (isHtmlRejection(response)) throw notJsonError(response);
  return explainResponse(request, response, rules);
}

async function explainResponse(
  request: PipelineRequest,
  response: RawResponse,
  rules: readonly ErrorMapping[],
): Promise<ApiResponse> {
  const { status, headers, multipart } = response;
  // Read before anything is loaded, because the state of the request belongs to the policies.
  const { attempts, ambiguous } = request.state;
  const parsed = parse(response);
  const body = parsed === unreadable ? response.text : parsed;
  const { toResponseError } = await import('../to-response-error.ts');
  const error = toResponseError(request, { ...response, body }, rules);
  return { status, headers, body, multipart, attempts, ambiguous, error };
}

/** The body of an ordinary response, 2xx with readable content or without any; undefined for any other response. */
export function readSuccess(response: RawResponse): { readonly body: Json | undefined } | undefined {
  if (response.status < 200 || response.status >= 300) return undefined;
  const body = readBody(response);
  return body === unreadable ? undefined : { body };
}

function readBody(response: RawResponse): Json | undefined | typeof unreadable {
  if (response.parsed !== undefined) return response.parsed.json;
  return response.text === '' ? undefined : parse(response);
}

function isSuccess(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

const unreadable = Symbol('unreadable');

function parse({ headers, text }: RawResponse): Json | typeof unreadable {
  const type = headers['content-type'] ?? jsonType;
  if (type.startsWith(jsonType)) return parseJson(text);
  if (/^(?:text\/plain|multipart\/mixed|application\/xml)\b/i.test(type)) return text;
  return /\bjson\b/i.test(type) ? parseJson(text) : unreadable;
}

const jsonType = 'application/json';

function parseJson(text: string): Json | typeof unreadable {
  try {
    return parseExactJson(text);
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
