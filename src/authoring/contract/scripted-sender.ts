import type { ExpectedRequest, MockResponse } from '../../model/definition.ts';
import type { HttpRequest, HttpResponse, HttpSender } from '../../model/http.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { compareRequest } from './compare-request.ts';
import type { TestFailure } from './test-failure.ts';

/** One response of a scripted sender, and the request that it expects. */
export interface ScriptedExchange {
  readonly sends?: ExpectedRequest;
  readonly receives: MockResponse | 'reset';
  /** Its place in the test: `['exchanges', 0]`, `['polls', 1, 'exchanges', 0]`. */
  readonly part?: readonly (string | number)[];
}

/** A sender that returns scripted responses instead of using the network, and records differences. */
export interface ScriptedSender {
  readonly send: HttpSender;
  readonly requests: readonly HttpRequest[];
  /** Differing requests, unexpected requests and unused responses; empty if the requests matched the script exactly. */
  failures(): readonly TestFailure[];
}

/** Creates a sender that returns the responses of `script` in order, for requests below `baseUrl`. */
export function createScriptedSender(
  script: readonly ScriptedExchange[],
  baseUrl: string,
  date?: string,
): ScriptedSender {
  const requests: HttpRequest[] = [];
  const failures: TestFailure[] = [];
  return {
    requests,
    async send(request) {
      const step = script[requests.length];
      requests.push(request);
      if (step === undefined) {
        failures.push({
          message: `request ${requests.length} is unexpected: ${request.method} ${request.url}`,
        });
        return respond({ status: 500, body: { error: { code: '', message: 'unexpected request' } } });
      }
      if (step.sends !== undefined) {
        const failure = compareRequest(step.sends, request, baseUrl);
        if (failure !== undefined) failures.push({ ...failure, part: step.part && [...step.part, 'sends'] });
      }
      if (step.receives === 'reset')
        throw Object.assign(new Error('connection reset'), { code: 'ECONNRESET' });
      return respond(step.receives, date);
    },
    failures() {
      const unused = script.slice(requests.length).map((step, i) => {
        const what = step.sends === undefined ? '' : `: ${step.sends.method} ${step.sends.path}`;
        const index = requests.length + i;
        return { message: `exchange ${index + 1} was never used${what}`, part: step.part };
      });
      return [...failures, ...unused];
    },
  };
}

/** A response, as a sender returns it. */
export function respond({ status, headers, body }: MockResponse, date?: string): HttpResponse {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const type = typeof body === 'string' ? 'text/plain' : 'application/json; odata.metadata=minimal';
  const defaults = omitUndefined({ 'content-type': text === '' ? undefined : type, date });
  const own = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    status,
    headers: { ...defaults, ...Object.fromEntries(own) },
    body: (async function* () {
      if (text !== '') yield new TextEncoder().encode(text);
    })(),
  };
}
