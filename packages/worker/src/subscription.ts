import type { Checkpoint, JsonObject, StateStore } from 'dynamics365-connector';
import type { OutboxDelivery, OutboxEvent, StoredSubscription } from './worker-store.ts';

/** A trigger on a connection, and the delivery of its events. */
export interface Subscription extends StoredSubscription {
  readonly params: JsonObject;
  readonly everyMs: number;
  /** Start of the first poll: a date (RFC 3339), or `beginning`. Default: now. */
  readonly from?: string;
  /** `self`: ignore changes by the connection's own user, so that a workflow does not trigger itself. */
  readonly ignoreChangesBy?: 'self';
  readonly deliver: DeliverEvent;
  /** After this number of rejected attempts, an event becomes a dead letter. */
  readonly maxAttempts: number;
}

/** Delivers one event. If it rejects, or takes longer than 25 seconds, the event is delivered again later. */
export type DeliverEvent = (delivery: OutboxDelivery, signal: AbortSignal) => Promise<void>;

/** The input of a poll. */
export interface PollInput {
  /** Undefined in the first poll. */
  readonly checkpoint: Checkpoint | undefined;
  readonly store: StateStore;
  readonly signal: AbortSignal;
}

/** The result of a poll. */
export interface PollBatch {
  readonly events: readonly OutboxEvent[];
  readonly checkpoint: Checkpoint;
  /** There is more: poll again at once. */
  readonly hasMore: boolean;
}

/** Polls the trigger of a subscription once. */
export type PollSubscription = (subscription: Subscription, input: PollInput) => Promise<PollBatch>;
