import { ConnectorError } from '../errors/connector-error.ts';
import type { ErrorRule } from '../model/definition.ts';
import type { TokenSource } from '../model/token.ts';
import type { World } from '../model/world.ts';
import { aborted } from './aborted.ts';
import type { Answer, Exchange } from './call.ts';
import { assertSameOrigin } from './guard.ts';
import type { Limiter } from './pace/limiter.ts';
import type { Passage, Policy, Trip } from './passage.ts';
import { authorize } from './policies/authorize.ts';
import { decode } from './policies/decode.ts';
import { identify } from './policies/identify.ts';
import { log } from './policies/log.ts';
import { pace } from './policies/pace.ts';
import { read } from './policies/read.ts';
import { retry } from './policies/retry.ts';
import { timeout } from './policies/timeout.ts';
import { settleOutcome } from './settle-outcome.ts';

/** What a connection's pipeline is made of. Times in milliseconds. */
export interface ExchangeOptions {
  readonly world: Pick<World, 'send' | 'clock' | 'random' | 'log'>;
  /** `https://contoso.crm.dynamics.com` */
  readonly origin: string;
  /** Path of the API below the origin: `/api/data/v9.2`. */
  readonly basePath: string;
  readonly tokens: TokenSource;
  /** Whose share of the organisation the calls are made on. */
  readonly findLimiter: (signal?: AbortSignal) => Promise<Limiter>;
  /** `attempts`: how often a failing request is sent; `budgetMs`: no attempt starts later than this. */
  readonly retry: { readonly attempts: number; readonly budgetMs: number };
  /** Longest time for one attempt, its last byte included. */
  readonly timeoutMs: number;
  /** Largest body that is read, after decompression; 64 MiB if left out. */
  readonly maxBytes?: number;
  /** connector.yaml's own words for Dataverse's errors. */
  readonly rules: readonly ErrorRule[];
}

const defaultMaxBytes = 64 * 1024 * 1024;

/** Builds the pipeline of a connection. Its retry reserve lives as long as the exchange does. */
export function createExchange(options: ExchangeOptions): Exchange {
  const { world, origin, basePath, rules, maxBytes = defaultMaxBytes } = options;
  // identify -> decode around these, in this order, down to the sender:
  const policies: readonly Policy[] = [
    retry({ world, attempts: options.retry.attempts }),
    pace(options.findLimiter),
    authorize(options.tokens),
    timeout(world.clock, options.timeoutMs),
    log(world.log, world.clock),
  ];
  const trip = policies.reduceRight<Trip>(
    (next, policy) => (passage) => policy(passage, next),
    read(world.send, maxBytes),
  );
  const carryOut = async (passage: Passage) => decode(passage, await trip(passage), rules);
  return async (call) => {
    const url = assertSameOrigin(origin, basePath, call.url);
    const passage = identify(call, url, world.clock.now() + options.retry.budgetMs);
    const answer = await carryOut(passage).catch((error: unknown) => {
      throw settleThrown(passage, error);
    });
    return settleAnswer(passage, answer);
  };
}

/** An answer that leaves the outcome open is no answer: it is thrown, like a broken line. */
function settleAnswer(passage: Passage, answer: Answer): Answer {
  if (answer.error === undefined) return answer;
  const error = settleOutcome(passage, answer.error);
  if (error.code === 'REQUEST_OUTCOME_UNKNOWN') throw error;
  return { ...answer, error };
}

function settleThrown(passage: Passage, error: unknown): unknown {
  if (error instanceof ConnectorError) return settleOutcome(passage, error);
  return passage.signal?.aborted ? settleOutcome(passage, aborted()) : error;
}
