import type { Clock, Log } from 'dynamics365-connector';
import type { Audit, Telemetry } from 'dynamics365-connector/host';
import type { WorkerMetrics } from './metrics.ts';
import type { PollFeed, RereadItem, Subscription } from './subscription.ts';
import type { WorkerStore } from './worker-store.ts';

/** Limits of concurrent work. */
export interface WorkerLimits {
  readonly maxPolls: number;
  /** Polls on one connection, over all workers that share a store. */
  readonly maxPollsPerConnection: number;
  /** Deliveries of this worker. */
  readonly maxDeliveries: number;
  /** Deliveries of this worker to one target. */
  readonly maxDeliveriesPerTarget: number;
  /** Events in the outbox, dead letters included, of one subscription. It is not polled while it has more. */
  readonly maxOutboxEvents: number;
  /** Events in the outbox of all subscriptions together, dead letters included. Nothing is polled while it has more. */
  readonly maxTotalOutboxEvents: number;
}

/** The parts of a worker. */
export interface WorkerOptions {
  readonly store: WorkerStore;
  /** They may change while the worker runs. */
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** Whether the worker stores them as those of a worker file. False: the host calls `syncSubscriptions`. Default: true. */
  readonly syncsSubscriptions?: boolean;
  readonly poll: PollFeed;
  /** Ends the block of a connection after a 429, before the first poll after a user resumed a subscription. */
  readonly unblock?: (subscription: Subscription) => Promise<void>;
  /** Reads the row of an event that is replayed with its present row. */
  readonly reread?: RereadItem;
  readonly limits: WorkerLimits;
  /** How long delivered events are kept, in milliseconds; 0: not at all. Default: seven days. */
  readonly keepDeliveredMs?: number;
  /** How long dead letters are kept, in milliseconds. Default: until someone replays or deletes them. */
  readonly keepDeadLettersMs?: number;
  readonly metrics: WorkerMetrics;
  readonly clock: Clock;
  /** A number from 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly log: Log;
  /** Receives a span of each poll and each delivery. */
  readonly telemetry?: Telemetry;
  /** Records what handlers write, in the name of their subscription. */
  readonly audit?: Audit;
}

/** Limits for one process on a small machine. Dataverse allows a user 52 concurrent requests; polls use up to 16. */
export const defaultWorkerLimits: WorkerLimits = {
  maxPolls: 128,
  maxPollsPerConnection: 16,
  maxDeliveries: 256,
  maxDeliveriesPerTarget: 32,
  maxOutboxEvents: 10_000,
  maxTotalOutboxEvents: 200_000,
};
