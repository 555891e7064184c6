import type { Checkpoint, JsonObject, PollItem, StateStore } from 'dynamics365-connector';
import type { DeliveryRetry } from './delivery/retry-schedule.ts';
import type { FeedState, PushFigures, StoredSubscription } from './subscription-status.ts';
import type { OutboxDelivery, OutboxEvent, SubscriptionOrigin } from './worker-store.ts';

/** A trigger on a connection, and the delivery of its events. */
export interface Subscription extends StoredSubscription {
  /** That with which it was stored by `syncSubscriptions`. Default: `file`. */
  readonly origin?: SubscriptionOrigin;
  readonly params: JsonObject;
  readonly everyMs: number;
  /** Start of the first poll: a date (RFC 3339), or `beginning`. Default: now. */
  readonly from?: string;
  /**
   * `self`: ignore what the connection wrote, so that a workflow does not trigger itself. A systemuserid: ignore rows that
   * this user changed last.
   */
  readonly ignoreChangesBy?: string;
  /** Webhooks of the organization tell of changes. Absent: it is only polled. */
  readonly push?: PushSettings;
  /** Maximum number of events of one row within a minute; 30 by default. With more, the subscription is paused. */
  readonly maxRowItems?: number;
  readonly deliver: DeliverEvent;
  /** How long events are delivered again. Default: three days, with delays up to 30 minutes. */
  readonly retry?: Partial<DeliveryRetry>;
}

/** How a subscription uses webhooks. */
export interface PushSettings {
  /** The interval of polls while webhooks tell of all changes, in milliseconds. */
  readonly everyMs: number;
}

/** The interval of polls while webhooks tell of all changes. */
export const defaultPushEveryMs = 300_000;

/**
 * Delivers one event. If it rejects, or takes longer than 25 seconds, the event is delivered again later. A DeliveryError
 * says whether the event was refused or the target is gone.
 */
export type DeliverEvent = (delivery: OutboxDelivery, signal: AbortSignal) => Promise<void>;

/** A due subscription. */
export interface DuePoll {
  readonly subscription: Subscription;
  /** Undefined in the first poll. */
  readonly checkpoint: Checkpoint | undefined;
  /** A user resumed it since the last poll. */
  readonly isResumed?: boolean;
}

/** The input of the polls of a feed. */
export interface PollInput {
  /** What is written to it is stored with the results. */
  readonly store: StateStore;
  /** Webhooks caused the poll, and no poll is due on schedule: the newest changes are enough. */
  readonly isWoken?: boolean;
  readonly signal: AbortSignal;
}

/** The result of the poll of one subscription. */
export interface PollBatch {
  readonly events: readonly OutboxEvent[];
  readonly checkpoint: Checkpoint;
  /** There is more: poll again at once. */
  readonly hasMore: boolean;
  /** What the feed of the subscription does besides polling, for the status. */
  readonly feedState?: FeedState;
  /** For the status; absent without push. */
  readonly push?: PushFigures;
  /** Only the newest changes were read: their number. The schedule of the subscription goes on. */
  readonly newest?: number;
}

/** Returns the item of an event with its row as it is now. */
export type RereadItem = (
  subscription: Subscription,
  delivery: OutboxDelivery,
  signal: AbortSignal,
) => Promise<PollItem>;

/** The result of the poll of one subscription, or why it failed. */
export type PollOutcome = PollBatch | { readonly error: unknown };

/**
 * Polls due subscriptions of one feed. The outcomes have the order of the subscriptions; the failure of one does not
 * affect the others. Rejects if the feed cannot be read.
 */
export type PollFeed = (polls: readonly DuePoll[], input: PollInput) => Promise<readonly PollOutcome[]>;
