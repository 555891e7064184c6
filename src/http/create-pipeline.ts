import { ConnectorError } from '../errors/connector-error.ts';
import type { ErrorMapping } from '../model/definition.ts';
import type { Clock, RuntimeServices } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import { abortedError } from './aborted-error.ts';
import type { ApiRequest, ApiResponse, Pipeline } from './api-request.ts';
import { createUrlGuard } from './assert-same-origin.ts';
import { createDirectAttempts, type DirectAttempt } from './direct-attempt.ts';
import { markUnknownOutcome } from './mark-unknown-outcome.ts';
import type { PipelineRequest, Policy, SendRequest } from './pipeline-request.ts';
import { authorizePolicy } from './policies/authorize.ts';
import { logPolicy } from './policies/log.ts';
import { type FindLimiter, rateLimitPolicy } from './policies/rate-limit.ts';
import { retryPolicy } from './policies/retry.ts';
import { sendAndRead } from './policies/send-and-read.ts';
import { timeoutPolicy } from './policies/timeout.ts';
import { toApiResponse } from './policies/to-api-response.ts';
import { createToPipelineRequest } from './policies/to-pipeline-request.ts';
import type { Limiter } from './rate-limit/limiter.ts';
import type { Waiter } from './rate-limit/wait-queue.ts';
import { createRetryBudget } from './retry-budget.ts';
import { traceAttempts, traceLimiter, tracePauses } from './trace-requests.ts';

/** The parts of a connection's pipeline. Times in milliseconds. */
export interface PipelineOptions {
  readonly services: Pick<RuntimeServices, 'send' | 'clock' | 'random' | 'log' | 'telemetry'>;
  /** `https://contoso.crm.dynamics.com` */
  readonly origin: string;
  /** Path of the API below the origin: `/api/data/v9.2`. */
  readonly basePath: string;
  readonly tokens: TokenSource;
  readonly findLimiter: FindLimiter;
  /** `maxAttempts`: how often a failing request is sent; `budgetMs`: no attempt starts later than this. */
  readonly retry: { readonly maxAttempts: number; readonly budgetMs: number };
  /** Maximum time of one attempt, until the last byte of the response. */
  readonly timeoutMs: number;
  /** Maximum size of a response body after decompression; default 64 MiB. */
  readonly maxBytes?: number;
  /** Codes and advice that connector.yaml defines for Dataverse errors. */
  readonly errorRules: readonly ErrorMapping[];
}

/**
 * The two ways of a connection to Dataverse. In the ordinary case a request is one direct attempt; whatever is unusual goes
 * through the policies.
 */
export interface DirectPipeline {
  /** Sends any request. */
  readonly pipeline: Pipeline;
  /** Starts the first attempt of a request; undefined, and nothing sent, if a policy has to wait. */
  readonly startDirectly: (request: ApiRequest) => DirectAttempt | undefined;
  /** The response to the request of an attempt that was not ordinary: the policies go on from its outcome. */
  readonly finish: (attempt: DirectAttempt) => Promise<ApiResponse>;
}

const defaultMaxBytes = 64 * 1024 * 1024;

/** Creates the pipeline of a connection. All its calls share one retry budget. */
export function createPipeline(options: PipelineOptions): Pipeline {
  return createDirectPipeline(options).pipeline;
}

/** Creates the pipeline of a connection, and its direct way. */
export function createDirectPipeline(options: PipelineOptions): DirectPipeline {
  const { services, errorRules } = options;
  const policies = new Policies(options);
  const toRequest = requestFactory(options);
  const run = async (request: PipelineRequest, send: SendRequest) =>
    toApiResponse(request, await send(request), errorRules);
  const complete = async (request: PipelineRequest, send: SendRequest) => {
    const response = await run(request, send).catch((error: unknown) => {
      throw resolveError(request, error);
    });
    return resolveResponse(request, response);
  };
  const finish = async (attempt: DirectAttempt) => {
    const { request, release } = attempt;
    if (!request.signal?.aborted) return await complete(request, policies.continuing(attempt));
    // The policies would not start an attempt, and so not end this one.
    release();
    throw resolveError(request, abortedError());
  };
  return {
    finish,
    startDirectly(apiRequest) {
      const now = services.clock.now();
      return policies.startDirectly(toRequest(apiRequest, now), now);
    },
    async pipeline(apiRequest) {
      const now = services.clock.now();
      const request = toRequest(apiRequest, now);
      const attempt = policies.startDirectly(request, now);
      if (attempt === undefined) return await complete(request, policies.send);
      return (await attempt.response) ?? (await finish(attempt));
    },
  };
}

function requestFactory({ origin, basePath, retry }: PipelineOptions) {
  const guardUrl = createUrlGuard(origin, basePath);
  const toPipelineRequest = createToPipelineRequest();
  return (request: ApiRequest, now: number): PipelineRequest =>
    toPipelineRequest(request, guardUrl(request.url), now + retry.budgetMs);
}

/** What the policies of a connection work with. */
interface Ports {
  readonly tokens: TokenSource;
  readonly findLimiter: (waiter: Waiter) => Promise<Pick<Limiter, 'acquire'>>;
  /** The clock of the log. */
  readonly logClock: Pick<Clock, 'now'>;
  readonly sendAndRead: SendRequest;
}

class Policies {
  /** Sends a request through all policies. */
  readonly send: SendRequest;
  readonly startDirectly: ReturnType<typeof createDirectAttempts>;
  readonly #options: PipelineOptions;
  readonly #retry: Policy;
  readonly #ports: Ports;

  constructor(options: PipelineOptions) {
    const { services, tokens, timeoutMs, maxBytes = defaultMaxBytes } = options;
    const { telemetry } = services;
    const budget = createRetryBudget(services.clock);
    const sendRequest = traceAttempts(telemetry, sendAndRead(services.send, maxBytes));
    this.#options = options;
    const retryServices = { ...services, clock: tracePauses(telemetry, services.clock) };
    this.#retry = retryPolicy({ services: retryServices, maxAttempts: options.retry.maxAttempts, budget });
    const findLimiter = traceLimiter(telemetry, services.clock, options.findLimiter);
    this.#ports = { tokens, findLimiter, logClock: services.clock, sendAndRead: sendRequest };
    this.send = this.#compose(this.#ports);
    const limiter = () => findLimiter.current?.();
    this.startDirectly = createDirectAttempts({ services, tokens, limiter, budget, timeoutMs, sendRequest });
  }

  /**
   * All policies, for a request whose first attempt was started directly: the first time they ask for its limiter, token,
   * time and response, they get those of the attempt.
   */
  continuing(attempt: DirectAttempt): SendRequest {
    const { tokens, findLimiter, logClock, sendAndRead } = this.#ports;
    const admitted = { acquire: async () => attempt.release };
    return this.#compose({
      findLimiter: firstThen(async () => admitted, findLimiter),
      tokens: {
        getToken: firstThen(
          async () => attempt.token,
          (request) => tokens.getToken(request),
        ),
      },
      logClock: {
        now: firstThen(
          () => attempt.startedAt,
          () => logClock.now(),
        ),
      },
      sendAndRead: firstThen(async () => attempt.outcome(), sendAndRead),
    });
  }

  /** The policies from the first to the last. `createToPipelineRequest` is before them, toApiResponse after them. */
  #compose({ tokens, findLimiter, logClock, sendAndRead }: Ports): SendRequest {
    const { services, timeoutMs } = this.#options;
    const policies: readonly Policy[] = [
      this.#retry,
      rateLimitPolicy(findLimiter),
      authorizePolicy(tokens),
      timeoutPolicy(services.clock, timeoutMs),
      logPolicy(services.log, logClock),
    ];
    return policies.reduceRight<SendRequest>(
      (next, policy) => (request) => policy(request, next),
      sendAndRead,
    );
  }
}

/** A function that calls `first` once, and `next` from then on. */
function firstThen<Args extends readonly unknown[], Result>(
  first: () => Result,
  next: (...args: Args) => Result,
): (...args: Args) => Result {
  let isFirst = true;
  return (...args) => {
    if (!isFirst) return next(...args);
    isFirst = false;
    return first();
  };
}

/** If the outcome of a write is unknown, the error is thrown instead of returned, as after a broken connection. */
function resolveResponse(request: PipelineRequest, response: ApiResponse): ApiResponse {
  if (response.error === undefined) return response;
  const error = markUnknownOutcome(request, response.error);
  if (error.code === 'REQUEST_OUTCOME_UNKNOWN') throw error;
  return { ...response, error };
}

function resolveError(request: PipelineRequest, error: unknown): unknown {
  if (error instanceof ConnectorError) return markUnknownOutcome(request, error);
  return request.signal?.aborted ? markUnknownOutcome(request, abortedError()) : error;
}
