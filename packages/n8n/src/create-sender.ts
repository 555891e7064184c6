import type { HttpResponse, SendRequest } from 'dynamics365-connector';
import { explainEntraError, parseEntraError } from 'dynamics365-connector/host';
import type { HostRequest, HostResponse } from './n8n.ts';

/**
 * Sends through n8n's HTTP helper, which adds the token and, on a 401, renews it once. Every other status comes back
 * as an answer, so that retries, waits and errors are the engine's.
 */
export function createSender(ask: (request: HostRequest) => Promise<HostResponse>): SendRequest {
  return async ({ method, url, headers, body, signal }) => {
    const { authorization: _, ...others } = headers;
    const request: HostRequest = {
      method,
      url,
      headers: others,
      encoding: 'arraybuffer',
      returnFullResponse: true,
      disableFollowRedirect: true,
      ignoreHttpStatusErrors: { ignore: true, except: [401] },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { abortSignal: signal }),
    };
    try {
      const answer = await ask(request);
      return toResponse(answer.statusCode, answer.headers, answer.body);
    } catch (error) {
      return answerBehind(error);
    }
  };
}

/** A second 401 is an answer of the organisation; what the authority says is explained; all else is no answer. */
function answerBehind(thrown: unknown): HttpResponse {
  const chain = causesOf(thrown);
  for (const { body, response } of chain) {
    for (const said of [body, response?.data]) {
      if (isRefusal(said)) throw explainEntraError(parseEntraError(said));
    }
  }
  const isUnauthorized = chain.some(
    ({ httpCode, response }) => String(httpCode) === '401' || response?.status === 401,
  );
  if (isUnauthorized) return toResponse(401, {}, new Uint8Array());
  throw thrown;
}

interface Thrown {
  readonly httpCode?: unknown;
  readonly body?: unknown;
  readonly response?: { readonly status?: unknown; readonly data?: unknown };
  readonly cause?: unknown;
}

function causesOf(thrown: unknown, depth = 0): readonly Thrown[] {
  if (typeof thrown !== 'object' || thrown === null || depth > 4) return [];
  return [thrown, ...causesOf((thrown as Thrown).cause, depth + 1)];
}

/** A token endpoint's refusal (RFC 6749, 5.2); Dataverse's `error` is an object. */
function isRefusal(said: unknown): said is Readonly<Record<string, unknown>> {
  return typeof said === 'object' && said !== null && 'error' in said && typeof said.error === 'string';
}

function toResponse(status: number, headers: HostResponse['headers'], body: Uint8Array): HttpResponse {
  const names = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
  return { status, headers: Object.fromEntries(names), body: chunksOf(body) };
}

async function* chunksOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  yield body;
}
