import { ConnectorError } from '../../errors/connector-error.ts';
import type { World } from '../../model/world.ts';
import { aborted } from '../aborted.ts';
import { type Fault, judge, waitMs } from '../judge.ts';
import { NoAnswer } from '../no-answer.ts';
import type { Passage, Policy, Reply, Trip } from '../passage.ts';
import { createRetryReserve } from '../retry-reserve.ts';
import type { LogFields } from './log.ts';

/** `attempts`: how often a failing request is sent, waits for 429 not counted. */
export interface RetryOptions {
  readonly world: Pick<World, 'clock' | 'random' | 'log'>;
  readonly attempts: number;
}

/**
 * Goes again where that is safe. Refused before execution (429, 503 with a time, no connection): any method.
 * Perhaps carried out: everything but `once`. A wait that was asked for is never cut short: when it does not
 * fit before the call's deadline, the call fails now and says when to come back.
 */
export function retry({ world, attempts }: RetryOptions): Policy {
  const reserve = createRetryReserve(world.clock);
  return async (passage, next) => {
    let failed = 0;
    let throttled = 0;
    for (;;) {
      const outcome = await tryOnce(passage, next);
      const fault = judge(outcome, world.clock.now());
      if (fault === undefined) reserve.earn();
      if (fault === undefined || !mayRepeat(passage, fault)) return settle(outcome);
      const nth = fault.throttled ? ++throttled : ++failed;
      const wait = waitMs(fault, nth, world.random);
      if (world.clock.now() + wait > passage.deadline) return settle(outcome);
      if (!fault.throttled && (failed >= attempts || !reserve.spend())) return settle(outcome);
      world.log({ level: 'info', event: 'http.wait', fields: describeWait(passage, outcome, wait) });
      await world.clock.sleep(wait, passage.signal);
    }
  };
}

async function tryOnce(passage: Passage, next: Trip): Promise<Reply | NoAnswer> {
  if (passage.signal?.aborted) throw aborted();
  try {
    return await next(passage);
  } catch (error) {
    if (error instanceof NoAnswer) return error;
    if (!(error instanceof ConnectorError) || !error.retryable) throw error;
    // There was no token to be had, or no room: this attempt was never sent.
    return new NoAnswer(error.code, error.message, { ...error.details, sent: false });
  }
}

function mayRepeat(passage: Passage, fault: Fault): boolean {
  if (fault.carriedOut === 'no') return true;
  passage.tally.ambiguous = true;
  return passage.safety !== 'once';
}

function settle(outcome: Reply | NoAnswer): Reply {
  if (outcome instanceof NoAnswer) throw outcome;
  return outcome;
}

function describeWait(passage: Passage, outcome: Reply | NoAnswer, wait: number): LogFields {
  const { operation, requestId, tally } = passage;
  const why = outcome instanceof NoAnswer ? { code: outcome.code } : { status: outcome.status };
  return { operation, requestId, attempt: tally.attempts, waitMs: wait, ...why };
}
