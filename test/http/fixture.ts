import type { ConnectorError } from '../../src/errors/connector-error.ts';
import type { ApiRequest, ApiResponse } from '../../src/http/api-request.ts';
import { createPipeline, type PipelineOptions } from '../../src/http/create-pipeline.ts';
import type { HttpRequest } from '../../src/model/http.ts';
import type { LogEvent } from '../../src/model/runtime-services.ts';
import { Secret } from '../../src/model/secret.ts';
import type { AccessToken, TokenSource } from '../../src/model/token.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { createLocalLimiter } from '../support/limiter.ts';

export const origin = 'https://contoso.crm.dynamics.com';
export const basePath = '/api/data/v9.2';
export const caseUrl = `${origin}${basePath}/incidents(00000000-0000-0000-0000-00000000cafe)`;

/** How the scripted organization reacts to one request. */
export type ScriptedResponse =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | object }
  | { readonly fails: string }
  /** The headers arrive, then the connection breaks inside the body. */
  | { readonly breaks: number }
  /** No response arrives, and the sender obeys or ignores its signal; `in-body`: only the headers arrive. */
  | { readonly hangs: 'ignores-signal' | 'obeys-signal' | 'in-body' }
  | ((request: HttpRequest) => ScriptedResponse);

export interface HttpFixture {
  readonly send: (request?: Partial<ApiRequest>) => Promise<ApiResponse>;
  /** The error of a call, thrown or returned. */
  readonly error: (request?: Partial<ApiRequest>) => Promise<ConnectorError>;
  readonly sent: readonly HttpRequest[];
  readonly logged: readonly LogEvent[];
  readonly clock: FakeClock;
  /** The token requests: "get", or "renew" after a 401. */
  readonly tokens: readonly string[];
}

/** How the pipeline of a fixture sends the first attempt of a request. */
type Way = 'through the policies' | 'started directly';
const ways = ['through the policies', 'started directly'] as const;
const current: { way: Way } = { way: 'through the policies' };

/**
 * The same tests for both ways of a first attempt: the policies send it, or it is started directly and the policies go on
 * from its outcome. Nobody can tell the difference.
 */
export function describeBothWays(title: string, tests: () => void): void {
  for (const way of ways) {
    describe(`${title} (${way})`, () => {
      before(() => {
        current.way = way;
      });
      after(() => {
        current.way = 'through the policies';
      });
      tests();
    });
  }
}

export function createHttpFixture(
  script: readonly ScriptedResponse[],
  options: Partial<PipelineOptions> = {},
): HttpFixture {
  const clock = createFakeClock();
  const sent: HttpRequest[] = [];
  const logged: LogEvent[] = [];
  const tokenRequests: string[] = [];
  const send = async (request: HttpRequest) => {
    const scripted = script[sent.length] ?? script.at(-1)!;
    sent.push(request);
    return respond(typeof scripted === 'function' ? scripted(request) : scripted, request);
  };
  const limiter = createLocalLimiter(clock);
  const pipeline = createPipeline({
    services: { send, clock, random: () => 0.5, log: (event) => void logged.push(event) },
    origin,
    basePath,
    tokens: countingTokens(tokenRequests),
    findLimiter: Object.assign(async () => limiter, {
      current: () => (current.way === 'started directly' ? limiter : undefined),
    }),
    retry: { maxAttempts: 4, budgetMs: 90_000 },
    timeoutMs: 60_000,
    errorRules: [],
    ...options,
  });
  const run = async (request: Partial<ApiRequest> = {}) => {
    // Only a limiter with a lease has room at once.
    if (current.way === 'started directly') (await limiter.acquire({ deadline: clock.now() + 60_000 }))();
    return await pipeline({ ...caseRequest, ...request });
  };
  return {
    sent,
    logged,
    clock,
    tokens: tokenRequests,
    send: run,
    error: async (request) => {
      const { error } = await run(request).catch((thrown: ConnectorError) => ({ error: thrown }));
      if (error === undefined) throw new Error('the call was expected to fail');
      return error;
    },
  };
}

/** A read of a case. */
export const caseRequest: ApiRequest = {
  operation: 'case.get',
  method: 'GET',
  url: caseUrl,
  headers: {},
  safety: 'repeatable',
  requestId: 'our-request-id',
};

/** One request of each retry safety. */
export const sampleRequests = {
  get: {},
  update: { method: 'PATCH', headers: { 'if-match': '*' }, body: { title: 'x' } },
  create: { method: 'PATCH', safety: 'create', headers: { 'if-none-match': '*' }, body: { title: 'x' } },
  delete: { method: 'DELETE', safety: 'delete' },
  once: { method: 'POST', safety: 'once', url: `${origin}${basePath}/CloseIncident`, body: { Status: 5 } },
} as const satisfies Record<string, Partial<ApiRequest>>;

function respond(scripted: ScriptedResponse, request: HttpRequest) {
  if (typeof scripted === 'function') throw new Error('a scripted function must not return a function');
  if ('fails' in scripted) throw Object.assign(new Error(`boom at ${request.url}`), { code: scripted.fails });
  if ('hangs' in scripted && scripted.hangs !== 'in-body')
    return hang(scripted.hangs === 'obeys-signal' ? request.signal : undefined);
  if ('hangs' in scripted) return { status: 200, headers: {}, body: bodyThat(() => hang(request.signal)) };
  if ('breaks' in scripted) {
    return { status: scripted.breaks, headers: {}, body: bodyThat(() => Promise.reject(new Error('cut'))) };
  }
  const { status, headers = {}, body = '' } = scripted;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    headers: { 'content-type': 'application/json; odata.metadata=minimal', ...headers },
    body: bytesOf(text),
  };
}

function hang(signal?: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });
}

async function* bodyThat(ends: () => Promise<never>): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('{"incidentid":');
  await ends();
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let offset = 0; offset < bytes.length; offset += 7) yield bytes.subarray(offset, offset + 7);
}

function countingTokens(tokenRequests: string[]): TokenSource {
  let generation = 1;
  const token = (): AccessToken => ({ token: new Secret(`token-${generation}`), expiresAt: Infinity });
  return {
    peekToken() {
      tokenRequests.push('get');
      return token();
    },
    async getToken({ rejectedToken } = {}) {
      tokenRequests.push(rejectedToken === undefined ? 'get' : 'renew');
      if (rejectedToken !== undefined) generation += 1;
      return token();
    },
  };
}
