import { ConnectorError } from 'dynamics365-connector';
import { backoffDelayMs, defaultBackoff, withJitter } from './backoff.ts';
import type { PollFailure } from './subscription-status.ts';
import { type Claim, maxConnectionBlockMs, type PollRelease } from './worker-store.ts';

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
  // Negative if the clock was put back during the poll.
  const behindMs = Math.max(0, claim.lateMs + elapsedMs);
  if (claim.checkpoint === undefined || behindMs >= everyMs) return Math.round(random() * everyMs);
  return everyMs - behindMs;
}

/** How soon the overlap is read after a webhook whose change was not among the newest: it was committed late, or came twice. */
const minOverlapGapMs = 10_000;

/**
 * The time from the end of a poll that a webhook caused to the next one. The schedule goes on, without the longer interval
 * of push: the overlap is read once more after the last webhook, at the interval of the subscription. If the poll found
 * nothing, it is read sooner.
 */
export function dueAfterWakeMs(
  {
    everyMs,
    elapsedMs,
    found,
  }: { readonly everyMs: number; readonly elapsedMs: number; readonly found: number },
  { scheduledInMs, intervalMs }: Pick<Claim, 'scheduledInMs' | 'intervalMs'>,
): number {
  const remainingMs = scheduledInMs - elapsedMs;
  const sinceLastMs = intervalMs - remainingMs;
  const dueInMs = remainingMs - Math.max(0, intervalMs - everyMs);
  const soonerMs = found === 0 ? minOverlapGapMs - sinceLastMs : dueInMs;
  return Math.max(0, Math.round(Math.min(dueInMs, soonerMs)));
}

/**
 * Delays before a rejected sign-in or permission is tried again: minutes, then hours, about a day in all. A proxy, a
 * firewall or a restart of the service can answer 401 or 403 once, and an administrator can grant a role.
 */
const probeDelaysMs = [2, 5, 15, 60, 120, 240, 480, 480].map((minutes) => minutes * 60_000);

/**
 * What follows a failed poll. A rejected sign-in or permission is tried again slowly, and then pauses the subscription;
 * at once if the sign-in authority says that only a person can correct it. Invalid params and checkpoints pause the
 * subscription. A 429 response blocks the whole connection. After all other errors, the poll is repeated with exponential
 * backoff.
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
      return isFinal(error)
        ? { claim, failure, pauseReason: 'RECONNECT_NEEDED', dueInMs: 0 }
        : toProbe(claim, failure, random);
    case 'input':
    case 'checkpoint':
      return { claim, failure, pauseReason: code, dueInMs: 0 };
    case 'throttled': {
      const waitMs = Math.min(details.retryAfterMs ?? defaultRetryAfterMs, maxConnectionBlockMs);
      return { claim, failure, blockConnectionMs: waitMs, dueInMs: waitMs };
    }
    default:
      return { claim, failure, dueInMs: delayMs };
  }
}

/** What follows when the stored checkpoint cannot be read. */
export function toUnreadableRelease(claim: Claim): PollRelease {
  const message =
    'The stored checkpoint cannot be read. Restore the store from a backup, or use a new id to start again.';
  const failure: PollFailure = { code: 'CHECKPOINT_INVALID', message };
  return { claim, failure, pauseReason: failure.code, dueInMs: 0 };
}

/** What follows when too many events are in the outbox. `events`: how many, and the limit. */
export function toFullOutboxRelease(
  claim: Claim,
  { everyMs, events }: { readonly everyMs: number; readonly events: string },
): PollRelease {
  const message = `${events}. Polls continue when there are fewer.`;
  return { claim, failure: { code: 'OUTBOX_FULL', message }, dueInMs: everyMs };
}

/**
 * Whether only a person can correct a rejected sign-in: the sign-in authority said so, or the settings are wrong. An
 * answer of the organization (401, 403) can be temporary.
 */
function isFinal({ code, details: { serverCode } }: ConnectorError): boolean {
  if (code === 'RECONNECT_NEEDED') return serverCode !== undefined && !serverCode.startsWith('0x');
  return code !== 'ACCESS_DENIED' && code !== 'USER_NOT_IN_ORG';
}

function toProbe(claim: Claim, failure: PollFailure, random: () => number): PollRelease {
  const probes = (claim.failure?.probes ?? 0) + 1;
  const delayMs = probeDelaysMs[probes - 1];
  if (delayMs === undefined) return { claim, failure, pauseReason: 'RECONNECT_NEEDED', dueInMs: 0 };
  return { claim, failure: { ...failure, probes }, dueInMs: withJitter(delayMs, random) };
}

/** The message of an unexpected error can contain values of rows, so only the name of its class is kept. */
function toUnexpectedFailure(error: unknown): PollFailure {
  const kind = error instanceof Error ? error.name : typeof error;
  return { code: 'UNEXPECTED', message: `The poll ended with an unexpected error (${kind}).` };
}
