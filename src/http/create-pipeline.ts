import { ConnectorError } from '../errors/connector-error.ts';
import type { ErrorMapping } from '../model/definition.ts';
import type { RuntimeServices } from '../model/runtime-services.ts';
import type { TokenSource } from '../model/token.ts';
import { abortedError } from './aborted-error.ts';
import type { ApiResponse, Pipeline } from './api-request.ts';
import { assertSameOrigin } from './assert-same-origin.ts';
import { markUnknownOutcome } from './mark-unknown-outcome.ts';
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

/** The parts of a connection's pipeline. Times in milliseconds. */
export interface PipelineOptions {
  readonly services: Pick<RuntimeServices, 'send' | 'clock' | 'random' | 'log'>;
  /** `https://contoso.crm.dynamics.com` */
  readonly origin: string;
  /** Path of the API below the origin: `/api/data/v9.2`. */
  readonly basePath: string;
  readonly tokens: TokenSource;
  /** Returns the rate limiter of the user that the token belongs to. */
  readonly findLimiter: (signal?: AbortSignal) => Promise<Limiter>;
  /** `maxAttempts`: how often a failing request is sent; `budgetMs`: no attempt starts later than this. */
  readonly retry: { readonly maxAttempts: number; readonly budgetMs: number };
  /** Maximum time of one attempt, until the last byte of the response. */
  readonly timeoutMs: number;
  /** Maximum size of a response body after decompression; default 64 MiB. */
  readonly maxBytes?: number;
  /** Codes and advice that connector.yaml defines for Dataverse errors. */
  readonly errorRules: readonly ErrorMapping[];
}

const defaultMaxBytes = 64 * 1024 * 1024;

/** Creates the pipeline of a connection. All its calls share one retry budget. */
export function createPipeline(options: PipelineOptions): Pipeline {
  const { services, origin, basePath, errorRules, maxBytes = defaultMaxBytes } = options;
  // From the first to the last before the sender. toPipelineRequest runs before them, toApiResponse after them.
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
