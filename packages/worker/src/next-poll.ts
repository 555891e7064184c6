import { ConnectorError } from 'dynamics365-connector';
import { backoffDelayMs, defaultBackoff } from './backoff.ts';
import type { Claim, PollFailure, PollRelease } from './worker-store.ts';

/** The delay after a 429 response without a Retry-After header. */
const defaultRetryAfterMs = 60_000;

/**
 * The time from the end of a poll to the next one. Polls keep their interval, however late or long they are. After a
 * first poll, or one that is late by a whole interval, the time is random within the interval, so that subscriptions
 * that start together are spread over it.
 */
export function nextDueInMs(
  { everyMs, elapsedMs }: { readonly everyMs: number; readonly elapsedMs: number },
  claim: Pick<Claim, 'lateMs' | 'checkpoint'>,
  random: () => number,
): number {
  const behindMs = claim.lateMs + elapsedMs;
  if (claim.checkpoint === undefined || behindMs >= everyMs) return Math.round(random() * everyMs);
  return everyMs - behindMs;
}

/**
 * What follows a failed poll. Errors that only a person can correct pause the subscription: sign-in, permissions,
 * invalid params and checkpoints. A 429 response blocks the whole connection. After all other errors, the poll is
 * repeated with exponential backoff.
 */
export function toFailureRelease(claim: Claim, error: unknown, random: () => number): PollRelease {
  const delayMs = backoffDelayMs(claim.failures + 1, random, defaultBackoff);
  if (!(error instanceof ConnectorError))
    return { claim, failure: toUnexpectedFailure(error), dueInMs: delayMs };
  const { code, message, category, details } = error;
  const failure = { code, message };
  switch (category) {
    case 'connection':
    case 'permission':
      return { claim, failure, pauseReason: 'RECONNECT_NEEDED', dueInMs: 0 };
    case 'input':
    case 'checkpoint':
      return { claim, failure, pauseReason: code, dueInMs: 0 };
    case 'throttled': {
      const waitMs = details.retryAfterMs ?? defaultRetryAfterMs;
      return { claim, failure, blockConnectionMs: waitMs, dueInMs: waitMs };
    }
    default:
      return { claim, failure, dueInMs: delayMs };
  }
}

/** The message of an unexpected error can contain values of rows, so only the name of its class is kept. */
function toUnexpectedFailure(error: unknown): PollFailure {
  const kind = error instanceof Error ? error.name : typeof error;
  return { code: 'UNEXPECTED', message: `The poll ended with an unexpected error (${kind}).` };
}
