import { ConnectorError } from 'dynamics365-connector';
import { backoffDelayMs, defaultBackoff } from './backoff.ts';
import type { Claim, PollFailure, PollRelease } from './worker-store.ts';

/** Where a 429 did not say how long. */
const defaultRetryAfterMs = 60_000;

/**
 * When a subscription is due again after a poll. Normally it keeps its beat; a first poll, or one that comes
 * late by more than a beat, gets a new place in it, so that those who start together spread out.
 */
export function nextDueInMs(
  { everyMs, spentMs }: { everyMs: number; spentMs: number },
  claim: Pick<Claim, 'lateMs' | 'checkpoint'>,
  random: () => number,
): number {
  const behindMs = claim.lateMs + spentMs;
  if (claim.checkpoint === undefined || behindMs >= everyMs) return Math.round(random() * everyMs);
  return everyMs - behindMs;
}

/**
 * What follows from a poll that failed. Who may not sign in, or may not read, is paused until somebody acts;
 * so are params and places that can never fit. A 429 is meant for the whole connection. All else is tried
 * again, later and later.
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

/** Whatever it is, it may quote what it was working on; its kind says enough. */
function toUnexpectedFailure(error: unknown): PollFailure {
  const kind = error instanceof Error ? error.name : typeof error;
  return { code: 'UNEXPECTED', message: `The poll ended in an unforeseen way (${kind}).` };
}
