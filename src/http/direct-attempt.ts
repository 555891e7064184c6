import type { Json } from '../model/json.ts';
import { type RuntimeServices, silentLog } from '../model/runtime-services.ts';
import type { AccessToken, TokenSource } from '../model/token.ts';
import { abortedError } from './aborted-error.ts';
import type { ApiResponse } from './api-request.ts';
import type { PipelineRequest, RawResponse, SendRequest } from './pipeline-request.ts';
import { createTokenHeaders, type WithToken } from './policies/authorize.ts';
import { logFailure, logResponse } from './policies/log.ts';
import { timeoutError } from './policies/timeout.ts';
import { readSuccess } from './policies/to-api-response.ts';
import type { Limiter, Release } from './rate-limit/limiter.ts';
import type { RetryBudget } from './retry-budget.ts';
import { setDeadline } from './set-deadline.ts';

/**
 * The first attempt of a request for which no policy has to wait: the token is at hand, and the rate limiter has room. In
 * the ordinary case its response ends the call; in any other case, the policies go on from its outcome as if they had sent
 * it (`createPipeline`).
 */
export interface DirectAttempt {
  readonly request: PipelineRequest;
  readonly token: AccessToken;
  readonly startedAt: number;
  /** The response of the ordinary case: 2xx, with JSON or without a body. Undefined in any other case. Never rejects. */
  readonly response: Promise<ApiResponse | undefined>;
  /** Where `response` is undefined: ends the attempt for the rate limiter. */
  readonly release: Release;
  /** Where `response` is undefined: what was received. Throws the error if there was no complete response. */
  outcome(): RawResponse;
}

/** The parts of the direct way of a connection. Times in milliseconds. */
export interface DirectAttemptOptions {
  readonly services: Pick<RuntimeServices, 'clock' | 'log'>;
  readonly tokens: TokenSource;
  /** The limiter of the connection's user; undefined before the first call has found it. */
  readonly limiter: () => Limiter | undefined;
  readonly budget: RetryBudget;
  readonly timeoutMs: number;
  readonly sendRequest: SendRequest;
}

/** Creates a function that starts the first attempt of a request; undefined, and nothing sent, if a policy has to wait. */
export function createDirectAttempts(
  options: DirectAttemptOptions,
): (request: PipelineRequest, now: number) => DirectAttempt | undefined {
  const { tokens } = options;
  const attemptOptions: AttemptOptions = { ...options, withToken: createTokenHeaders() };
  return (request, now) => {
    const limiter = options.limiter();
    if (limiter === undefined || request.signal?.aborted) return undefined;
    const token = tokens.peekToken?.(now);
    const release = token && limiter.tryAcquire(now);
    if (token === undefined || release === undefined) return undefined;
    return new StartedAttempt(attemptOptions, { request, token, release, startedAt: now });
  };
}

type AttemptOptions = DirectAttemptOptions & { readonly withToken: WithToken };
type AttemptStart = Pick<DirectAttempt, 'request' | 'token' | 'release' | 'startedAt'>;

class StartedAttempt implements DirectAttempt {
  readonly request: PipelineRequest;
  readonly token: AccessToken;
  readonly startedAt: number;
  readonly release: Release;
  readonly response: Promise<ApiResponse | undefined>;
  readonly #options: AttemptOptions;
  readonly #abort = new AbortController();
  readonly #stopDeadline: () => void;
  #resolve: (response: ApiResponse | undefined) => void = () => {};
  #isOver = false;
  #received: { readonly raw: RawResponse } | { readonly error: unknown } | undefined;

  constructor(options: AttemptOptions, { request, token, release, startedAt }: AttemptStart) {
    this.request = request;
    this.token = token;
    this.startedAt = startedAt;
    this.release = release;
    this.#options = options;
    this.response = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const { clock } = options.services;
    request.signal?.addEventListener('abort', this.#cancel);
    this.#stopDeadline = setDeadline(clock, startedAt + options.timeoutMs, () => this.#timeOut());
    options.sendRequest(options.withToken(request, token, this.#abort.signal)).then(
      (raw) => this.#receive(raw),
      (error) => this.#end({ error }),
    );
  }

  outcome(): RawResponse {
    const received = this.#received ?? { error: new Error('the attempt is not over') };
    if ('error' in received) throw received.error;
    return received.raw;
  }

  #receive(raw: RawResponse): void {
    const success = readSuccess(raw);
    if (success === undefined) this.#end({ raw });
    else if (!this.#isOver) this.#succeed(raw, success.body);
  }

  #stop(): void {
    this.#isOver = true;
    this.#stopDeadline();
    this.request.signal?.removeEventListener('abort', this.#cancel);
  }

  #succeed(raw: RawResponse, body: Json | undefined): void {
    this.#stop();
    this.release(raw);
    const { services, budget } = this.#options;
    budget.deposit();
    const { request } = this;
    if (services.log !== silentLog)
      logResponse(services.log, request, raw, services.clock.now() - this.startedAt);
    const { attempts, ambiguous } = request.state;
    const { status, headers, multipart } = raw;
    this.#resolve({ status, headers, body, multipart, attempts, ambiguous });
  }

  /** The caller aborts. The caller does not wait for the sender, which may ignore its signal. */
  readonly #cancel = (): void => {
    const { request, startedAt } = this;
    const { clock, log } = this.#options.services;
    const error = abortedError();
    request.state.ambiguous = true;
    if (log !== silentLog) logFailure(log, request, error, clock.now() - startedAt);
    this.#end({ error });
    this.#abort.abort(error);
  };

  #timeOut(): void {
    const error = timeoutError(this.#options.timeoutMs);
    this.#end({ error });
    this.#abort.abort(error);
  }

  #end(received: { readonly raw: RawResponse } | { readonly error: unknown }): void {
    if (this.#isOver) return;
    this.#stop();
    this.#received = received;
    this.#resolve(undefined);
  }
}
