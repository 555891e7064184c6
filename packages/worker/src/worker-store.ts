import type { Checkpoint, ErrorCode, PollItem, StateStore } from 'dynamics365-connector';

/**
 * Where a worker keeps everything that must survive it: places, events that wait for delivery, pauses. Both
 * drivers (a file, PostgreSQL) keep the same promises and pass the same tests. Times are durations in
 * milliseconds, so that only the store's own clock counts, whatever the machine of a worker says.
 */
export interface WorkerStore {
  /** What polls have committed so far; what a poll writes goes with `commitPoll`. */
  readonly state: StateStore;
  /** Makes the subscriptions those of the file. New ones are due at once, gone ones rest; places are kept. */
  syncSubscriptions(subscriptions: readonly StoredSubscription[]): Promise<void>;
  /** Takes subscriptions that are due, so that nobody else polls them while the claim is renewed. */
  claimDuePolls(limits: ClaimLimits): Promise<readonly Claim[]>;
  /** Says that these polls are still under way. */
  renewLeases(claims: readonly Claim[]): Promise<void>;
  /**
   * Keeps what a poll brought, all of it or nothing; false: somebody else took the subscription over. A poll
   * that had failed before brings forward what failed on the same connection: it is back.
   */
  commitPoll(poll: PollCommit): Promise<boolean>;
  /** Gives a claim back without news. */
  releasePoll(poll: PollRelease): Promise<boolean>;
  /** Makes due again what nobody would ever poll; answers how many there were. It should never find one. */
  reschedule(): Promise<number>;
  /** Takes events that are due for delivery; of one record only the oldest that waits. */
  claimDeliveries(maxCount: number): Promise<readonly OutboxDelivery[]>;
  /** The event has arrived; it is forgotten. */
  acknowledge(delivery: OutboxDelivery): Promise<void>;
  /** The event has not arrived: try again later, or (`dead`) set it aside for good. */
  reject(delivery: OutboxDelivery, rejection: DeliveryRejection): Promise<void>;
  status(): Promise<readonly SubscriptionStatus[]>;
  /** Stops polls of a subscription, and its deliveries too; false: there is none of that name. */
  pause(subscription: string): Promise<boolean>;
  /** Ends a pause, whoever made it. */
  resume(subscription: string): Promise<boolean>;
  /** Delivers once more what was set aside; answers how many events. */
  requeue(subscription: string): Promise<number>;
  close(): Promise<void>;
}

/** A subscription as far as the store must know it. */
export interface StoredSubscription {
  readonly id: string;
  readonly connection: string;
  readonly trigger: string;
}

export interface ClaimLimits {
  readonly maxClaims: number;
  /** Polls under way at one time on one connection, over all workers. */
  readonly maxPerConnection: number;
}

/** The right to poll a subscription, until it lapses or somebody commits under a later epoch. */
export interface Claim {
  readonly subscription: string;
  /** Grows with each claim; a commit under an older one is refused. */
  readonly epoch: number;
  /** Absent before the first poll. */
  readonly checkpoint?: Checkpoint;
  /** Polls that failed in a row. */
  readonly failures: number;
  /** How long it had been due. */
  readonly lateMs: number;
  /** The store's own mark on it. */
  readonly jobId?: string;
}

/** An item with what orders and addresses it. */
export interface OutboxEvent {
  /** Id of the row: events of one record are delivered one after another. */
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
  /** When the next poll is due, from now. */
  readonly dueInMs: number;
}

export interface PollRelease {
  readonly claim: Claim;
  readonly dueInMs: number;
  /** Why it failed; absent: it was only given back. */
  readonly failure?: PollFailure;
  /** No polls until somebody resumes them. */
  readonly pauseReason?: ErrorCode;
  /** How long every subscription of the connection has to wait. */
  readonly blockConnectionMs?: number;
}

/** What went wrong, for people. `UNEXPECTED`: nothing that this product throws on purpose. */
export interface PollFailure {
  readonly code: ErrorCode | 'UNEXPECTED';
  readonly message: string;
}

/** An event on its way out. */
export interface OutboxDelivery {
  readonly sequence: number;
  readonly subscription: string;
  readonly trigger: string;
  readonly item: PollItem;
  /** 1 for the first time. */
  readonly attempt: number;
}

export interface DeliveryRejection {
  readonly retryInMs: number;
  readonly reason: string;
  readonly deadLetter: boolean;
}

/** What `d365 worker status` shows of a subscription. */
export interface SubscriptionStatus extends StoredSubscription {
  /** `inactive`: not in the worker's file any more. */
  readonly state: 'active' | 'paused' | 'inactive';
  /** Why it is paused: `PAUSED` by hand, else the code of an error. */
  readonly pausedBy?: string;
  readonly failure?: PollFailure;
  readonly failures: number;
  readonly polls: number;
  /** Events ever committed, and how many of them arrived, wait, or were set aside. */
  readonly events: number;
  readonly delivered: number;
  readonly waiting: number;
  readonly dead: number;
  /** Since the last committed poll; absent before the first. */
  readonly polledAgoMs?: number;
  /** Until the next poll; negative: it is late. Absent while paused or inactive. */
  readonly dueInMs?: number;
}

/** The `pausedBy` of a pause by hand. */
export const pausedByUser = 'PAUSED';

/** When a poll that had failed works again, others that failed on its connection are due within this time. */
export const recoveryWindowMs = 30_000;

/** How long a claim lasts without being renewed: what a crash of a worker delays its triggers by. */
export const leaseDurationMs = 30_000;
