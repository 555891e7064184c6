import type { HttpRequest, HttpSender } from '../../../src/model/http.ts';

/** What an endpoint answers. An object is sent as JSON. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export type Answers = Readonly<
  Record<string, Answer | readonly Answer[] | ((request: HttpRequest) => Answer)>
>;

/** All secrets that a test gives to the connector, or that a server returns, contain this text. */
export const canary = 'canary-4d1e';

/**
 * Servers that answer as their vendors document it, by method, host and path; a list is answered in turn, and its last
 * answer for ever. Every other request fails like an unknown host.
 */
export function createStandIn(answers: Answers) {
  const requests: HttpRequest[] = [];
  const counts = new Map<string, number>();
  const send: HttpSender = async (request) => {
    requests.push(request);
    const { host, pathname } = new URL(request.url);
    const key = `${request.method} ${host}${pathname}`;
    const found = answers[key];
    if (found === undefined) throw new Error(`ENOTFOUND ${key} ${canary}`);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    const { status = 200, headers = {}, body = '' } = pick(found, request, count);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return { status, headers, body: toChunks(text) };
  };
  return { send, requests };
}

function pick(found: Answers[string], request: HttpRequest, count: number): Answer {
  if (typeof found === 'function') return found(request);
  return Array.isArray(found) ? found[Math.min(count, found.length - 1)]! : (found as Answer);
}

async function* toChunks(text: string) {
  yield new TextEncoder().encode(text);
}
