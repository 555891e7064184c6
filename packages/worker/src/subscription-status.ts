import type { ErrorCode } from 'dynamics365-connector';
import { formatDuration } from './format-duration.ts';

/** The part of a subscription that is in the store. */
export interface StoredSubscription {
  readonly id: string;
  readonly connection: string;
  readonly trigger: string;
  /**
   * What the polls read: the same text for subscriptions whose triggers read the same table with the same connection.
   * They are polled together, and one worker at a time polls them. Default: the id.
   */
  readonly feed?: string;
  /** What receives the events: the same text for subscriptions with the same receiver. Default: the id. */
  readonly target?: string;
  /** The interval of the polls. Default: one minute. */
  readonly everyMs?: number;
}

/**
 * Why a subscription fails. `UNEXPECTED`: an error that is not a ConnectorError. `OUTBOX_FULL`: too many events wait for
 * delivery. `TARGET_GONE`: the target answered that it no longer exists.
 */
export interface PollFailure {
  readonly code: ErrorCode | 'UNEXPECTED' | 'OUTBOX_FULL' | 'TARGET_GONE';
  readonly message: string;
  /** How often a rejected sign-in or permission was tried again. */
  readonly probes?: number;
}

/** The `pausedBy` of a pause by a user. */
export const pausedByUser = 'PAUSED';

/** Pauses that stop deliveries too. */
export const deliveryPauses: readonly string[] = [pausedByUser, 'TARGET_GONE'];

/**
 * `active`: polls and deliveries work. `failing`: the last poll failed, or the target of the events fails. `stalled`: no
 * poll for more than three intervals. `rewound`: the organization was restored to an earlier time, and its rows are read
 * again. `baselining`: the values of all rows are read for the first time. `push-degraded`: webhooks were lost or are not
 * registered, so that changes are found by polls only. `paused`: until a user resumes it.
 * `inactive`: no longer in the worker file.
 */
export type SubscriptionState =
  | 'active'
  | 'failing'
  | 'stalled'
  | 'rewound'
  | 'baselining'
  | 'push-degraded'
  | 'paused'
  | 'inactive';

/** All states, in the order in which `d365 worker status` and the metrics list them. */
export const subscriptionStates: readonly SubscriptionState[] = [
  'active',
  'baselining',
  'push-degraded',
  'rewound',
  'failing',
  'stalled',
  'paused',
  'inactive',
];

/** What the feed of a subscription does besides polling. */
export type FeedState =
  | { readonly kind: 'rewound'; readonly reason: string }
  | { readonly kind: 'baselining'; readonly done: number; readonly total?: number };

/** What webhooks of the organization have done for a subscription. */
export interface PushFigures {
  /** Polls that a webhook caused. */
  readonly wakes: number;
  /** Webhooks that the organization could not send: the failed system jobs of our steps. */
  readonly lost: number;
  /** Changes that no webhook told of: a poll on schedule found them. */
  readonly unannounced: number;
  /** Why webhooks are not relied on at present. The subscription is polled at its own interval then. */
  readonly problem?: string;
}

/** What a store knows about a subscription. Times are durations in milliseconds. */
export interface SubscriptionFacts extends Required<Omit<StoredSubscription, 'feed'>> {
  readonly inactive: boolean;
  readonly pausedBy?: string;
  readonly failure?: PollFailure;
  /** Failed polls in a row. */
  readonly failures: number;
  readonly feedState?: FeedState;
  readonly push?: PushFigures;
  /** The interval that the schedule follows: longer than `everyMs` while push works. */
  readonly intervalMs: number;
  /** Since the last committed poll, or since the subscription was added or resumed. */
  readonly idleForMs: number;
  readonly polledAgoMs?: number;
  readonly dueInMs: number;
  /** The rest of the block of its connection. */
  readonly connectionBlockedForMs: number;
  /** Set while the target gets no events because it fails. */
  readonly targetFailure?: { readonly reason: string; readonly blockedForMs: number };
  readonly polls: number;
  readonly events: number;
  readonly waiting: number;
  readonly dead: number;
  readonly forgotten: number;
}

/** The status of a subscription, as `d365 worker status` prints it. */
export interface SubscriptionStatus extends Required<Omit<StoredSubscription, 'feed'>> {
  readonly state: SubscriptionState;
  /** Why the subscription is not active. */
  readonly reason?: string;
  /** Time to the next attempt of what fails: a poll, or a delivery. */
  readonly nextAttemptInMs?: number;
  /** How many rows of how many the feed has read for the first time. */
  readonly baseline?: { readonly done: number; readonly total?: number };
  /** Absent without push. */
  readonly push?: PushFigures;
  /** `PAUSED` for a pause by a user, else the code of an error. */
  readonly pausedBy?: string;
  readonly failure?: PollFailure;
  readonly failures: number;
  readonly polls: number;
  /** All committed events: delivered, waiting, dead and forgotten. */
  readonly events: number;
  readonly delivered: number;
  readonly waiting: number;
  /** Dead letters. */
  readonly dead: number;
  /** Time since the last committed poll; undefined before the first one. */
  readonly polledAgoMs?: number;
  /** Time to the next poll, negative if it is late; undefined while paused or inactive. */
  readonly dueInMs?: number;
}

/** Polls that are late by less than this are not missed. */
export const stallToleranceMs = 5000;
export const maxMissedIntervals = 3;

/** Derives the status of a subscription. The only place that decides about its state. */
export function toSubscriptionStatus(facts: SubscriptionFacts): SubscriptionStatus {
  const { id, connection, trigger, target, everyMs, pausedBy, failure, failures, polls, polledAgoMs } = facts;
  const { events, waiting, dead, forgotten, push } = facts;
  const description = describeState(facts);
  const runs = description.state !== 'paused' && description.state !== 'inactive';
  return {
    id,
    connection,
    trigger,
    target,
    everyMs,
    ...description,
    push,
    pausedBy,
    failure,
    failures,
    polls,
    events,
    delivered: events - waiting - dead - forgotten,
    waiting,
    dead,
    polledAgoMs,
    dueInMs: runs ? facts.dueInMs : undefined,
  };
}

/** True if a person should look at the subscription. A pause by a user is not such a case. */
export function needsAttention({ state, pausedBy }: SubscriptionStatus): boolean {
  if (state === 'paused') return pausedBy !== pausedByUser;
  return ['failing', 'stalled', 'rewound', 'push-degraded'].includes(state);
}

type StateDescription = Pick<SubscriptionStatus, 'state' | 'reason' | 'nextAttemptInMs' | 'baseline'>;

function describeState(facts: SubscriptionFacts): StateDescription {
  const { inactive, pausedBy, failure, failures, targetFailure, feedState, push } = facts;
  if (inactive) return { state: 'inactive', reason: 'It is no longer in the worker file.' };
  if (pausedBy !== undefined) return { state: 'paused', reason: describePause(pausedBy, failure) };
  if (isStalled(facts)) return describeStall(facts);
  if (failures > 0) {
    const reason = failure === undefined ? 'The last poll failed.' : `${failure.code} ${failure.message}`;
    return { state: 'failing', reason, nextAttemptInMs: Math.max(0, facts.dueInMs) };
  }
  if (targetFailure !== undefined) {
    const { reason, blockedForMs } = targetFailure;
    return { state: 'failing', reason: `${facts.target}: ${reason}`, nextAttemptInMs: blockedForMs };
  }
  if (feedState?.kind === 'rewound') return describeFeedState(feedState);
  if (push?.problem !== undefined) return { state: 'push-degraded', reason: push.problem };
  return feedState === undefined ? { state: 'active' } : describeFeedState(feedState);
}

function describePause(pausedBy: string, failure: PollFailure | undefined): string {
  if (pausedBy === pausedByUser) return 'A user paused it.';
  return failure === undefined ? pausedBy : `${failure.code} ${failure.message}`;
}

/**
 * A poll that is due and does not run, or one that never ends. Failed polls have a longer interval, so they must also be
 * overdue for that time.
 */
function isStalled({ intervalMs, failures, idleForMs, dueInMs }: SubscriptionFacts): boolean {
  const maxLateMs = maxMissedIntervals * intervalMs + stallToleranceMs;
  return idleForMs > maxLateMs && (failures === 0 || -dueInMs > maxLateMs);
}

function describeStall(facts: SubscriptionFacts): StateDescription {
  const { connectionBlockedForMs, idleForMs, intervalMs } = facts;
  const since = `No poll for ${formatDuration(idleForMs)} (interval: ${formatDuration(intervalMs)})`;
  if (connectionBlockedForMs > 0) {
    const reason = `${since}: the organization answered 429 and blocks the connection.`;
    return { state: 'stalled', reason, nextAttemptInMs: connectionBlockedForMs };
  }
  const reason = `${since}: no worker runs, it is overloaded, or the poll does not end.`;
  return { state: 'stalled', reason };
}

function describeFeedState(feed: FeedState): StateDescription {
  if (feed.kind === 'rewound') return { state: 'rewound', reason: feed.reason };
  const { done, total } = feed;
  const reason = `${done}${total === undefined ? '' : ` of ${total}`} rows read.`;
  return { state: 'baselining', reason, baseline: { done, total } };
}
