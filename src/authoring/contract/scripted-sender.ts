import type { ExpectedRequest, MockResponse } from '../../model/definition.ts';
import type { HttpRequest, HttpResponse, HttpSender } from '../../model/http.ts';
import { compareRequest } from './compare-request.ts';

/** One answer that a scripted sender gives, and the request it gives it to. */
export interface ScriptedExchange {
  readonly sends?: ExpectedRequest;
  readonly receives: MockResponse | 'reset';
}

/** A sender that plays a script instead of the network, and tells afterwards where the requests left it. */
export interface ScriptedSender {
  readonly send: HttpSender;
  readonly requests: readonly HttpRequest[];
  /** Differences, unexpected requests and answers nobody asked for; empty when the script was played exactly. */
  failures(): readonly string[];
}

/** Plays `script` in order over requests below `baseUrl`. */
export function createScriptedSender(
  script: readonly ScriptedExchange[],
  baseUrl: string,
  date?: string,
): ScriptedSender {
  const requests: HttpRequest[] = [];
  const failures: string[] = [];
  return {
    requests,
    async send(request) {
      const step = script[requests.length];
      requests.push(request);
      if (step === undefined) {
        failures.push(`request ${requests.length} is unexpected: ${request.method} ${request.url}`);
        return respond({ status: 500, body: { error: { code: '', message: 'unexpected request' } } });
      }
      if (step.sends !== undefined) {
        for (const difference of compareRequest(step.sends, request, baseUrl))
          failures.push(`request ${requests.length}: ${difference}`);
      }
      if (step.receives === 'reset')
        throw Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
      return respond(step.receives, date);
    },
    failures() {
      const unused = script.slice(requests.length).map((step, i) => {
        const what = step.sends === undefined ? '' : `: ${step.sends.method} ${step.sends.path}`;
        return `exchange ${requests.length + i + 1} was never used${what}`;
      });
      return [...failures, ...unused];
    },
  };
}

function respond({ status, headers, body }: MockResponse, date?: string): HttpResponse {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json; odata.metadata=minimal';
  return {
    status,
    headers: {
      ...(text === '' ? {} : { 'content-type': type }),
      ...(date === undefined ? {} : { date }),
      ...Object.fromEntries(
        Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
      ),
    },
    body: (async function* () {
      if (text !== '') yield new TextEncoder().encode(text);
    })(),
  };
}
