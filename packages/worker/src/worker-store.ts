import type { Checkpoint, ErrorCode, PollItem, StateStore } from 'dynamics365-connector';

/**
 * The durable state of workers: checkpoints, events that wait for delivery, and pauses. The SQLite and the PostgreSQL
 * driver behave the same and pass the same tests. All times are durations in milliseconds, measured by the clock of
 * the store, because the clocks of several machines differ.
 */
export interface WorkerStore {
  /** The committed state of polls. The writes of a poll are stored by `commitPoll`. */
  readonly state: StateStore;
  /**
   * Replaces the subscriptions by those of the worker file. New ones are due at once. Removed ones become inactive
   * and keep their checkpoint.
   */
  syncSubscriptions(subscriptions: readonly StoredSubscription[]): Promise<void>;
  /** Claims due subscriptions. No other worker polls them until their lease expires. */
  claimDuePolls(limits: ClaimLimits): Promise<readonly Claim[]>;
  /** Extends the leases of running polls. */
  renewLeases(claims: readonly Claim[]): Promise<void>;
  /**
   * Stores events, checkpoint and state of a poll in one transaction. Returns false, and stores nothing, if another
   * worker has claimed the subscription since. A success after failures also brings the failed polls of the same
   * connection forward, because the connection works again.
   */
  commitPoll(poll: PollCommit): Promise<boolean>;
  /** Ends a claim without a result. Returns false if another worker has claimed the subscription since. */
  releasePoll(poll: PollRelease): Promise<boolean>;
  /** Schedules active subscriptions without a scheduled poll, and returns their number: 0 in normal operation. */
  reschedule(): Promise<number>;
  /** Claims events that are due for delivery; of each row only the oldest event that waits. */
  claimDeliveries(maxCount: number): Promise<readonly OutboxDelivery[]>;
  /** Removes a delivered event. */
  acknowledge(delivery: OutboxDelivery): Promise<void>;
  /** Schedules the next attempt of an event, or makes it a dead letter. */
  reject(delivery: OutboxDelivery, rejection: DeliveryRejection): Promise<void>;
  status(): Promise<readonly SubscriptionStatus[]>;
  /** Stops the polls and deliveries of a subscription. Returns false if the subscription does not exist. */
  pause(subscription: string): Promise<boolean>;
  /** Ends a pause, whatever its reason. Returns false if the subscription does not exist. */
  resume(subscription: string): Promise<boolean>;
  /** Schedules the dead letters of a subscription for delivery, and returns their number. */
  requeue(subscription: string): Promise<number>;
  close(): Promise<void>;
}

/** The part of a subscription that is in the store. */
export interface StoredSubscription {
  readonly id: string;
  readonly connection: string;
  readonly trigger: string;
}

export interface ClaimLimits {
  readonly maxClaims: number;
  /** Concurrent polls on one connection, over all workers. */
  readonly maxPerConnection: number;
}

/** The right to poll a subscription. It ends when its lease expires. */
export interface Claim {
  readonly subscription: string;
  /** Increases with each claim. Commits with an older epoch are rejected. */
  readonly epoch: number;
  /** Undefined before the first poll. */
  readonly checkpoint?: Checkpoint;
  /** Failed polls in a row. */
  readonly failures: number;
  /** How late the claim is. */
  readonly lateMs: number;
  /** The job of the PostgreSQL driver. */
  readonly jobId?: string;
}

/** An item of a trigger, with the row that it is about. */
export interface OutboxEvent {
  /** Id of the row. Events of one row are delivered one after another. */
  readonly rowId: string;
  readonly item: PollItem;
}

/** Changes of a poll's state; undefined removes a key. */
export type StateWrites = ReadonlyMap<string, string | undefined>;

export interface PollCommit {
  readonly claim: Claim;
  readonly events: readonly OutboxEvent[];
  readonly checkpoint: Checkpoint;
  readonly writes: StateWrites;
  /** Time to the next poll. */
  readonly dueInMs: number;
}

export interface PollRelease {
  readonly claim: Claim;
  readonly dueInMs: number;
  /** Undefined if the poll did not fail but was stopped. */
  readonly failure?: PollFailure;
  /** Pauses the subscription until a user resumes it. */
  readonly pauseReason?: ErrorCode;
  /** Blocks all subscriptions of the connection for this time. */
  readonly blockConnectionMs?: number;
}

/** Why a poll failed. `UNEXPECTED`: an error that is not a ConnectorError. */
export interface PollFailure {
  readonly code: ErrorCode | 'UNEXPECTED';
  readonly message: string;
}

/** An event that is claimed for delivery. */
export interface OutboxDelivery {
  readonly sequence: number;
  readonly subscription: string;
  readonly trigger: string;
  readonly item: PollItem;
  /** 1 for the first attempt. */
  readonly attempt: number;
}

export interface DeliveryRejection {
  readonly retryInMs: number;
  readonly reason: string;
  readonly deadLetter: boolean;
}

/** The status of a subscription, as `d365 worker status` prints it. */
export interface SubscriptionStatus extends StoredSubscription {
  /** `inactive`: no longer in the worker file. */
  readonly state: 'active' | 'paused' | 'inactive';
  /** `PAUSED` for a pause by a user, else the code of an error. */
  readonly pausedBy?: string;
  readonly failure?: PollFailure;
  readonly failures: number;
  readonly polls: number;
  /** All committed events: delivered, waiting and dead. */
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

/** The `pausedBy` of a pause by a user. */
export const pausedByUser = 'PAUSED';

/** When a connection works again, its failed polls are due within this time. */
export const recoveryWindowMs = 30_000;

/** How long a claim lasts without renewal. After a crash of a worker, its polls are delayed by up to this time. */
export const leaseDurationMs = 30_000;
