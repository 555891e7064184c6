import type { Checkpoint, PollItem, StateStore, StateWrites } from 'dynamics365-connector';
import { maxRetryAfterMs } from 'dynamics365-connector/host';
import type {
  FeedState,
  PollFailure,
  PushFigures,
  StoredSubscription,
  SubscriptionStatus,
} from './subscription-status.ts';
import type { DeadLetterSelection, WorkerHistory } from './worker-history.ts';

/**
 * The durable state of workers: checkpoints, events that wait for delivery, and pauses. The SQLite and the PostgreSQL
 * driver behave the same and pass the same tests. All times are durations in milliseconds, measured by the clock of
 * the store, because the clocks of several machines differ.
 */
export interface WorkerStore extends WorkerHistory {
  /** The committed state of polls. The writes of a poll are stored by `commitPolls`. */
  readonly state: StateStore;
  /** How long a claim lasts without renewal, in milliseconds. */
  readonly leaseMs: number;
  /**
   * Replaces the subscriptions of one origin: those of the worker file (the default), or those that were made over the
   * API. New ones are due at once. Removed ones become inactive and keep their checkpoint. Those of the other origin
   * stay as they are.
   */
  syncSubscriptions(subscriptions: readonly StoredSubscription[], origin?: SubscriptionOrigin): Promise<void>;
  /**
   * Claims due feeds: their due subscriptions, and those that are due within half of their interval, so that one read
   * serves all of them. No other worker polls a subscription of these feeds until the leases
   * expire.
   */
  claimDuePolls(limits: ClaimLimits): Promise<readonly Claim[]>;
  /** Extends the leases of running polls. */
  renewLeases(claims: readonly Claim[]): Promise<void>;
  /**
   * Ends claims of one feed: stores their events and checkpoints, and the state of the feed, in one transaction. Returns
   * false, and stores nothing, if another worker has claimed one of the subscriptions since. A success after failures
   * also brings the failed polls of the same connection forward, because the connection works again.
   */
  commitPolls(commit: FeedCommit): Promise<boolean>;
  /**
   * Makes subscriptions due because something told that rows of their table have changed. They are polled at once, but
   * not within `minWakeGapMs` after their last poll. Paused and failing ones keep their schedule.
   */
  wake(subscriptions: readonly string[]): Promise<void>;
  /** Schedules active subscriptions without a scheduled poll, and returns their number: 0 in normal operation. */
  reschedule(): Promise<number>;
  /**
   * Claims events that are due for delivery. Each target gets its share; a blocked target gets none, and one event as a
   * probe when its block ends. Of each row and target, only the oldest event that waits is claimed.
   */
  claimDeliveries(limits: DeliveryLimits): Promise<readonly ClaimedDelivery[]>;
  /**
   * Takes a delivered event out of the outbox. Ends the block of its target, and after an outage makes its waiting events
   * due.
   */
  acknowledge(delivery: ClaimedDelivery, options?: AcknowledgeOptions): Promise<void>;
  /** Ends a claim without an attempt: another process has the subscription. */
  release(delivery: ClaimedDelivery, dueInMs: number): Promise<void>;
  /** Schedules the next attempt of an event, or makes it a dead letter. */
  reject(delivery: ClaimedDelivery, rejection: DeliveryRejection): Promise<void>;
  /**
   * Delivers dead letters again, and returns their number. The delivery says that it is a replay.
   *
   * @param mode `stored`: the item as it was stored. `reread`: with the row as it is at the time of the delivery.
   */
  replayDeadLetters(selection: DeadLetterSelection, mode: ReplayMode): Promise<number>;
  /** Deletes dead letters, and returns their number. */
  forgetDeadLetters(selection: DeadLetterSelection): Promise<number>;
  /**
   * Deletes the events of a row, and removes its name from events of rows that refer to it: those that wait, dead letters
   * and delivered ones. Returns how many were deleted and changed.
   *
   * @param rowId in lower case
   */
  forgetRow(rowId: string): Promise<{ readonly deleted: number; readonly changed: number }>;
  /** Deletes dead letters that are older, and returns their number. */
  deleteOldDeadLetters(maxAgeMs: number): Promise<number>;
  /** Counts the events in the outbox, dead letters included, up to `maxCount`. */
  countOutbox(maxCount: number): Promise<number>;
  /** The status of all subscriptions, or only of those that have stalled. */
  status(selection?: { readonly stalledOnly?: boolean }): Promise<readonly SubscriptionStatus[]>;
  /** Stops the polls and deliveries of a subscription. Returns false if the subscription does not exist. */
  pause(subscription: string): Promise<boolean>;
  /**
   * Ends a pause, whatever its reason, and the blocks of the connection and the target. Polls and deliveries are due at
   * once. Returns false if the subscription does not exist.
   */
  resume(subscription: string): Promise<boolean>;
  close(): Promise<void>;
}

/** Where subscriptions are declared. */
export type SubscriptionOrigin = 'file' | 'api';

export const allOrigins: readonly SubscriptionOrigin[] = ['file', 'api'];

/** Of which subscriptions a process claims work. */
export interface ClaimScope {
  /** Those whose subscriptions it has; what it claims of others is delayed. Default: all. */
  readonly origins?: readonly SubscriptionOrigin[];
}

export interface ClaimLimits extends ClaimScope {
  /** Feeds at a time. */
  readonly maxClaims: number;
  /** Feeds of one connection that are polled at the same time, over all workers. */
  readonly maxPerConnection: number;
}

export interface DeliveryLimits extends ClaimScope {
  /** Concurrent deliveries of this worker. */
  readonly maxDeliveries: number;
  /** Concurrent deliveries of this worker to one target. */
  readonly maxPerTarget: number;
  /** The running deliveries of this worker, by target. */
  readonly inFlight: ReadonlyMap<string, number>;
  /** How many concurrent deliveries a target has proved to take; a target that is not in the map has not yet. */
  readonly proved: ReadonlyMap<string, number>;
}

/** The right to poll a subscription. It ends when its lease expires. */
export interface Claim {
  readonly subscription: string;
  /** The feed of the subscription. Due subscriptions of a feed are claimed together. */
  readonly feed: string;
  /** Increases with each claim. Commits with an older epoch are rejected. */
  readonly epoch: number;
  /** Undefined before the first poll. */
  readonly checkpoint?: Checkpoint;
  /** The stored checkpoint cannot be read. */
  readonly unreadable?: boolean;
  /** Events of the subscription in the outbox, dead letters included. */
  readonly outboxed: number;
  /** Failed polls in a row. */
  readonly failures: number;
  /** Why the last poll failed. */
  readonly failure?: PollFailure;
  /** A user has resumed the subscription since its last poll. */
  readonly resumed?: boolean;
  /** How late the claim is. */
  readonly lateMs: number;
  /** Counts the wakes of the subscription. A commit with another number leaves it due, because a wake came since. */
  readonly wakes: number;
  /** Time until the subscription is due without a wake; negative if it is late. */
  readonly scheduledInMs: number;
  /** The interval of the last poll: that of the subscription, or the longer one while push works. */
  readonly intervalMs: number;
  /** The job of the PostgreSQL driver. */
  readonly jobId?: string;
}

/** An item of a trigger, with the row that it is about. */
export interface OutboxEvent {
  /** Id of the row. Events of one row are delivered one after another. */
  readonly rowId: string;
  readonly item: PollItem;
  /** The `traceparent` of the poll that found it, if it is observed. */
  readonly trace?: string;
}

/** The end of claims of one feed. */
export interface FeedCommit {
  readonly results: readonly (PollCommit | PollRelease)[];
  /** The state of the feed and of its subscriptions. */
  readonly writes: StateWrites;
}

/** A poll that succeeded. */
export interface PollCommit {
  readonly claim: Claim;
  readonly events: readonly OutboxEvent[];
  readonly checkpoint: Checkpoint;
  /** Time to the next poll. */
  readonly dueInMs: number;
  /** The interval that the schedule follows now. Default: that of the subscription. */
  readonly intervalMs?: number;
  /** What the feed of the subscription does besides polling. */
  readonly feedState?: FeedState;
  /** Absent without push. */
  readonly push?: PushFigures;
}

/** A poll that failed or was stopped. */
export interface PollRelease {
  readonly claim: Claim;
  readonly dueInMs: number;
  /** Undefined if the poll did not fail but was stopped. */
  readonly failure?: PollFailure;
  /** Pauses the subscription until a user resumes it. */
  readonly pauseReason?: PollFailure['code'];
  /** Blocks all subscriptions of the connection for this time. */
  readonly blockConnectionMs?: number;
}

/** Whether a poll succeeded. */
export function isPollCommit(result: PollCommit | PollRelease): result is PollCommit {
  return 'checkpoint' in result;
}

/** An event that is claimed for delivery. Its item is undefined if it cannot be read. */
export interface ClaimedDelivery extends Omit<OutboxDelivery, 'item'> {
  readonly item: PollItem | undefined;
  /** By the clock of the store, in milliseconds since the epoch. */
  readonly claimedAt: number;
}

/** An event that is being delivered. */
export interface OutboxDelivery {
  readonly sequence: number;
  readonly subscription: string;
  readonly trigger: string;
  readonly target: string;
  /** Id of the row. */
  readonly rowId: string;
  readonly item: PollItem;
  /** The `traceparent` of the poll that found it, if it was observed. */
  readonly trace?: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** How often the target has refused the event itself. */
  readonly refusals: number;
  /** Set if the event was a dead letter and is delivered again. */
  readonly replay?: ReplayMode;
}

/** What becomes of a delivered event. */
export interface AcknowledgeOptions {
  /** False: it is deleted at once. Default: it can be listed until `deleteOldHistory` deletes it. */
  readonly keep?: boolean;
}

export type ReplayMode = 'stored' | 'reread';

/** The outcome of a failed attempt. */
export interface DeliveryRejection {
  readonly reason: string;
  /** Time to the next attempt. */
  readonly retryInMs: number;
  readonly deadLetter: boolean;
  /** The target refused the event itself, and works otherwise. */
  readonly refused?: boolean;
  /**
   * The target failed: the time for which it gets no events. 0 leaves it open.
   *
   * @param failures failures of the target in a row, at least 1
   */
  readonly blockTargetMs?: (failures: number) => number;
  /** Pauses the subscription until a user resumes it. The attempt does not count. */
  readonly pauseReason?: PollFailure['code'];
}

/** The longest time for which a 429 response blocks a connection. */
export const maxConnectionBlockMs = maxRetryAfterMs;

/**
 * No failed poll and no delivery is scheduled further away than this, except by the interval of its subscription. A poll
 * that has not failed is scheduled no further away than its interval, or than a lease lasts.
 */
export const maxDelayMs = 86_400_000;

/**
 * When a target works again after this number of failures in a row, all its events are due. After a single failure, they
 * keep their schedule: it may be the event, not the target, that takes too long.
 */
export const minOutageFailures = 2;

/** When a connection works again, its failed polls are due within this time. */
export const recoveryWindowMs = 30_000;

/**
 * When work that was claimed of a subscription that this process does not have is due again: another process has the
 * subscription, or this one will have it within some seconds.
 */
export const unknownRetryMs = 1000;

/** A storm of wakes causes at most one poll of a subscription in this time. */
export const minWakeGapMs = 1000;

/** How long a claim lasts without renewal. After a crash of a worker, its polls are delayed by up to this time. */
export const leaseDurationMs = 30_000;
