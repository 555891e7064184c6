import type { HttpResponse, HttpSender } from 'dynamics365-connector';
import { explainEntraError, parseEntraError } from 'dynamics365-connector/host';
import type { N8nHttpRequest, N8nHttpResponse } from './n8n-types.ts';

/**
 * Creates a sender that uses n8n's HTTP helper, which adds the access token and renews it once after a 401. Every
 * other status is returned as a response, so that the engine handles retries, rate limits and errors.
 */
export function createN8nSender(
  sendRequest: (request: N8nHttpRequest) => Promise<N8nHttpResponse>,
): HttpSender {
  return async ({ method, url, headers, body, signal }) => {
    const { authorization: _, ...others } = headers;
    const request: N8nHttpRequest = {
      method,
      url,
      headers: others,
      encoding: 'arraybuffer',
      returnFullResponse: true,
      disableFollowRedirect: true,
      ignoreHttpStatusErrors: { ignore: true, except: [401] },
      // As text, because its helper adds headers to a body by its type.
      body: typeof body === 'string' ? body : body && new TextDecoder().decode(body),
      abortSignal: signal,
    };
    try {
      const response = await sendRequest(request);
      return toHttpResponse(response.statusCode, response.headers, response.body);
    } catch (error) {
      return toResponseOrThrow(error);
    }
  };
}

/** A second 401 is a response of the organization. Errors of the token endpoint are explained; all others are thrown. */
function toResponseOrThrow(thrown: unknown): HttpResponse {
  const chain = causeChain(thrown);
  for (const { body, response } of chain) {
    for (const candidate of [body, response?.data]) {
      if (isOAuthError(candidate)) throw explainEntraError(parseEntraError(candidate));
    }
  }
  const isUnauthorized = chain.some(
    ({ httpCode, response }) => String(httpCode) === '401' || response?.status === 401,
  );
  if (isUnauthorized) return toHttpResponse(401, {}, new Uint8Array());
  throw thrown;
}

interface ThrownError {
  readonly httpCode?: unknown;
  readonly body?: unknown;
  readonly response?: { readonly status?: unknown; readonly data?: unknown };
  readonly cause?: unknown;
}

function causeChain(thrown: unknown, depth = 0): readonly ThrownError[] {
  if (typeof thrown !== 'object' || thrown === null || depth > 4) return [];
  return [thrown, ...causeChain((thrown as ThrownError).cause, depth + 1)];
}

/** Whether this is an error response of a token endpoint (RFC 6749, section 5.2); in Dataverse's, `error` is an object. */
function isOAuthError(candidate: unknown): candidate is Readonly<Record<string, unknown>> {
  return (
    typeof candidate === 'object' &&
    candidate !== null &&
    'error' in candidate &&
    typeof candidate.error === 'string'
  );
}

function toHttpResponse(status: number, headers: N8nHttpResponse['headers'], body: Uint8Array): HttpResponse {
  const names = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
  return { status, headers: Object.fromEntries(names), body: toChunks(body) };
}

async function* toChunks(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
