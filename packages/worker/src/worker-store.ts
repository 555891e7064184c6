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
  declare(subscriptions: readonly DeclaredSubscription[]): Promise<void>;
  /** Takes subscriptions that are due, so that nobody else polls them while the claim is renewed. */
  claimDue(limits: ClaimLimits): Promise<readonly Claim[]>;
  /** Says that these polls are still under way. */
  renew(claims: readonly Claim[]): Promise<void>;
  /**
   * Keeps what a poll brought, all of it or nothing; false: somebody else took the subscription over. A poll
   * that had failed before brings forward what failed on the same connection: it is back.
   */
  commitPoll(poll: FinishedPoll): Promise<boolean>;
  /** Gives a claim back without news. */
  releasePoll(poll: UnfinishedPoll): Promise<boolean>;
  /** Makes due again what nobody would ever poll; answers how many there were. It should never find one. */
  rearm(): Promise<number>;
  /** Takes events that are due for delivery; of one record only the oldest that waits. */
  claimDeliveries(most: number): Promise<readonly OutboxDelivery[]>;
  /** The event has arrived; it is forgotten. */
  acknowledge(delivery: OutboxDelivery): Promise<void>;
  /** The event has not arrived: try again later, or (`dead`) set it aside for good. */
  refuse(delivery: OutboxDelivery, refusal: Refusal): Promise<void>;
  status(): Promise<readonly SubscriptionStatus[]>;
  /** Stops polls of a subscription, and its deliveries too; false: there is none of that name. */
  pause(subscription: string): Promise<boolean>;
  /** Ends a pause, whoever made it. */
  resume(subscription: string): Promise<boolean>;
  /** Delivers once more what was set aside; answers how many events. */
  revive(subscription: string): Promise<number>;
  close(): Promise<void>;
}

/** A subscription as far as the store must know it. */
export interface DeclaredSubscription {
  readonly id: string;
  readonly connection: string;
  readonly trigger: string;
}

export interface ClaimLimits {
  readonly most: number;
  /** Polls under way at one time on one connection, over all workers. */
  readonly perConnection: number;
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
  readonly ticket?: string;
}

/** An item with what orders and addresses it. */
export interface OutboxEvent {
  /** Id of the row: events of one record are delivered one after another. */
  readonly record: string;
  readonly item: PollItem;
}

/** Changes of a poll's state; undefined removes a key. */
export type StateWrites = ReadonlyMap<string, string | undefined>;

export interface FinishedPoll {
  readonly claim: Claim;
  readonly events: readonly OutboxEvent[];
  readonly checkpoint: Checkpoint;
  readonly writes: StateWrites;
  /** When the next poll is due, from now. */
  readonly dueInMs: number;
}

export interface UnfinishedPoll {
  readonly claim: Claim;
  readonly dueInMs: number;
  /** Why it failed; absent: it was only given back. */
  readonly failure?: Failure;
  /** No polls until somebody resumes them. */
  readonly pause?: ErrorCode;
  /** How long every subscription of the connection has to wait. */
  readonly blockConnectionMs?: number;
}

/** What went wrong, for people. `UNEXPECTED`: nothing that this product throws on purpose. */
export interface Failure {
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

export interface Refusal {
  readonly dueInMs: number;
  readonly reason: string;
  readonly dead: boolean;
}

/** What `d365 worker status` shows of a subscription. */
export interface SubscriptionStatus extends DeclaredSubscription {
  /** `resting`: not in the worker's file any more. */
  readonly state: 'active' | 'paused' | 'resting';
  /** Why it is paused: `PAUSED` by hand, else the code of an error. */
  readonly pausedBy?: string;
  readonly failure?: Failure;
  readonly failures: number;
  readonly polls: number;
  /** Events ever committed, and how many of them arrived, wait, or were set aside. */
  readonly events: number;
  readonly delivered: number;
  readonly waiting: number;
  readonly dead: number;
  /** Since the last committed poll; absent before the first. */
  readonly polledAgoMs?: number;
  /** Until the next poll; negative: it is late. Absent while paused or resting. */
  readonly dueInMs?: number;
}

/** The `pausedBy` of a pause by hand. */
export const PAUSED = 'PAUSED';

/** When a poll that had failed works again, others that failed on its connection are due within this time. */
export const WAKE_WITHIN_MS = 30_000;

/** How long a claim lasts without being renewed: what a crash of a worker delays its triggers by. */
export const LEASE_MS = 30_000;
