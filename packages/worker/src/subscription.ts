import type { Checkpoint, JsonObject, StateStore } from 'dynamics365-connector';
import type { OutboxDelivery, OutboxEvent, StoredSubscription } from './worker-store.ts';

/** A trigger on a connection, and where its events go. */
export interface Subscription extends StoredSubscription {
  readonly params: JsonObject;
  readonly everyMs: number;
  /** Where it starts: a date (RFC 3339), or `beginning`; absent: now. Counts on its first poll only. */
  readonly from?: string;
  /** `self`: what the connection's own user changed is passed over, so that a workflow does not trigger itself. */
  readonly ignoreChangesBy?: 'self';
  readonly deliver: DeliverEvent;
  /** After so many refusals an event is set aside. */
  readonly maxAttempts: number;
}

/** Brings one event to where it belongs; resolves when it has arrived, rejects when it has to come again. */
export type DeliverEvent = (delivery: OutboxDelivery, signal: AbortSignal) => Promise<void>;

/** What a poll works on: its place, its state, and when to give up. */
export interface PollInput {
  readonly checkpoint: Checkpoint | undefined;
  readonly store: StateStore;
  readonly signal: AbortSignal;
}

/** What a poll brings. */
export interface PollBatch {
  readonly events: readonly OutboxEvent[];
  readonly checkpoint: Checkpoint;
  /** There is more: poll again at once. */
  readonly hasMore: boolean;
}

/** Makes one poll of a subscription. */
export type PollSubscription = (subscription: Subscription, input: PollInput) => Promise<PollBatch>;
