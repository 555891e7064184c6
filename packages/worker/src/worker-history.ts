import type { PollItem } from 'dynamics365-connector';
import type { SubscriptionState } from './subscription-status.ts';

/**
 * What happened: the events of subscriptions, delivered ones included, and how their status changed. The part of a
 * `WorkerStore` for operators.
 */
export interface WorkerHistory {
  /** Events that wait, dead letters, and delivered events for as long as they are kept. */
  events(query?: EventQuery): Promise<readonly StoredEvent[]>;
  /** Stores the status of all subscriptions that are not inactive: once a minute, whatever number of workers calls it. */
  recordStatus(): Promise<void>;
  /** The recorded status of a subscription, the oldest first. It is kept for seven days. */
  statusHistory(subscription: string, range?: HistoryRange): Promise<readonly StatusSample[]>;
  /** Deletes up to 1,000 delivered events that are older than this, and the oldest status. Returns the number of events. */
  deleteOldHistory(keepDeliveredMs: number): Promise<number>;
  /** Deletes all events of a subscription, those that wait included, and its recorded status. */
  deleteEvents(subscription: string): Promise<void>;
}

/** `waiting`: is being delivered, or will be. `dead`: is not delivered again until a user replays it. */
export type EventState = 'waiting' | 'dead' | 'delivered';

/** All states, in the order of the life of an event. */
export const eventStates: readonly EventState[] = ['waiting', 'dead', 'delivered'];

/** All dead letters, or those of a subscription or with these sequences. */
export interface DeadLetterSelection {
  readonly subscription?: string;
  readonly sequences?: readonly number[];
}

/** Which events, and in which order. */
export interface EventQuery extends DeadLetterSelection {
  readonly state?: EventState;
  /** Default: `newest`. */
  readonly order?: EventOrder;
  /** The sequence of the last event that was read: the events that follow it in this order. */
  readonly after?: number;
  /** Default: 100. */
  readonly limit?: number;
}

export type EventOrder = 'newest' | 'oldest';

/** An event of a subscription. Times are durations in milliseconds, by the clock of the store. */
export interface StoredEvent {
  /** Increases with each event of the store. */
  readonly sequence: number;
  readonly subscription: string;
  readonly trigger: string;
  readonly target: string;
  readonly rowId: string;
  /** The event as it was stored; a text if it cannot be read. */
  readonly item: PollItem | string;
  readonly state: EventState;
  readonly attempts: number;
  /** Why the last attempt of a dead letter failed. */
  readonly reason?: string;
  /** Since a poll stored it; undefined if an older version did. */
  readonly storedAgoMs?: number;
  /** Time to the next attempt of a waiting event, negative if it is due. */
  readonly dueInMs?: number;
  /** Since a dead letter has become one. */
  readonly deadForMs?: number;
  readonly deliveredAgoMs?: number;
}

/** The status of a subscription in one minute. */
export interface StatusSample {
  /** How long ago the minute began, in milliseconds. */
  readonly agoMs: number;
  readonly state: SubscriptionState;
  /** How late the next poll was, in milliseconds. */
  readonly lateMs: number;
  /** All events until then. */
  readonly events: number;
  readonly delivered: number;
  readonly waiting: number;
  readonly dead: number;
}

/** A part of the recorded status. */
export interface HistoryRange {
  /** How far back, in milliseconds. Default: a day. */
  readonly sinceMs?: number;
}

/** How long delivered events are kept, unless it is set otherwise. */
export const defaultKeepDeliveredMs = 7 * 86_400_000;

/** How long the recorded status is kept. */
export const keepStatusMs = 7 * 86_400_000;

export const defaultHistoryMs = 86_400_000;
export const sampleIntervalMs = 60_000;

/** How many delivered events `deleteOldHistory` deletes at most, so that it does not hold up deliveries. */
export const maxDeletedEvents = 1000;

export const defaultEventLimit = 100;
