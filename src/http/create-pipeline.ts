import { ConnectorError } from '../errors/connector-error.ts';
import type { ErrorMapping } from '../model/definition.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import { abortedError } from './aborted-error.ts';
import type { ApiResponse, Pipeline } from './api-request.ts';
import { assertSameOrigin } from './guard.ts';
import type { PipelineRequest, Policy, SendRequest } from './pipeline-request.ts';
import { authorizePolicy } from './policies/authorize.ts';
import { logPolicy } from './policies/log.ts';
import { rateLimitPolicy } from './policies/rate-limit.ts';
import { retryPolicy } from './policies/retry.ts';
import { sendAndRead } from './policies/send-and-read.ts';
import { timeoutPolicy } from './policies/timeout.ts';
import { toApiResponse } from './policies/to-api-response.ts';
import { toPipelineRequest } from './policies/to-pipeline-request.ts';
import type { Limiter } from './rate-limit/limiter.ts';
import { resolveOutcome } from './resolve-outcome.ts';

/** What a connection's pipeline is made of. Times in milliseconds. */
export interface PipelineOptions {
  readonly services: Pick<RuntimeServices, 'send' | 'clock' | 'random' | 'log'>;
  /** `https://contoso.crm.dynamics.com` */
  readonly origin: string;
  /** Path of the API below the origin: `/api/data/v9.2`. */
  readonly basePath: string;
  readonly tokens: TokenSource;
  /** Whose share of the organization the calls are made on. */
  readonly findLimiter: (signal?: AbortSignal) => Promise<Limiter>;
  /** `maxAttempts`: how often a failing request is sent; `budgetMs`: no attempt starts later than this. */
  readonly retry: { readonly maxAttempts: number; readonly budgetMs: number };
  /** Longest time for one attempt, its last byte included. */
  readonly timeoutMs: number;
  /** Largest body that is read, after decompression; 64 MiB if left out. */
  readonly maxBytes?: number;
  /** connector.yaml's own words for Dataverse's errors. */
  readonly errorRules: readonly ErrorMapping[];
}

const defaultMaxBytes = 64 * 1024 * 1024;

/** Builds the pipeline of a connection. Its retry reserve lives as long as the exchange does. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { services, origin, basePath, errorRules, maxBytes = defaultMaxBytes } = options;
  // identify -> decode around these, in this order, down to the sender:
  const policies: readonly Policy[] = [
    retryPolicy({ services, maxAttempts: options.retry.maxAttempts }),
    rateLimitPolicy(options.findLimiter),
    authorizePolicy(options.tokens),
    timeoutPolicy(services.clock, options.timeoutMs),
    logPolicy(services.log, services.clock),
  ];
  const sendRequest = policies.reduceRight<SendRequest>(
    (next, policy) => (request) => policy(request, next),
    sendAndRead(services.send, maxBytes),
  );
  const run = async (request: PipelineRequest) =>
    toApiResponse(request, await sendRequest(request), errorRules);
  return async (apiRequest) => {
    const url = assertSameOrigin(origin, basePath, apiRequest.url);
    const request = toPipelineRequest(apiRequest, url, services.clock.now() + options.retry.budgetMs);
    const response = await run(request).catch((error: unknown) => {
      throw resolveError(request, error);
    });
    return resolveResponse(request, response);
  };
}

/** An answer that leaves the outcome open is no answer: it is thrown, like a broken line. */
function resolveResponse(request: PipelineRequest, response: ApiResponse): ApiResponse {
  if (response.error === undefined) return response;
  const error = resolveOutcome(request, response.error);
  if (error.code === 'REQUEST_OUTCOME_UNKNOWN') throw error;
  return { ...response, error };
}

function resolveError(request: PipelineRequest, error: unknown): unknown {
  if (error instanceof ConnectorError) return resolveOutcome(request, error);
  return request.signal?.aborted ? resolveOutcome(request, abortedError()) : error;
}
