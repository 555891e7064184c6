import type { Clock, Log } from 'dynamics365-connector';
import type { WorkerMetrics } from './metrics.ts';
import type { PollSubscription, Subscription } from './subscription.ts';
import type { WorkerStore } from './worker-store.ts';

/** Limits of concurrent work. */
export interface WorkerLimits {
  readonly maxPolls: number;
  /** Polls on one connection, over all workers that share a store. */
  readonly maxPollsPerConnection: number;
  readonly maxDeliveries: number;
}

/** The parts of a worker. */
export interface WorkerOptions {
  readonly store: WorkerStore;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  readonly poll: PollSubscription;
  readonly limits: WorkerLimits;
  readonly metrics: WorkerMetrics;
  readonly clock: Clock;
  /** A number from 0 (included) to 1 (excluded). */
  readonly random: () => number;
  readonly log: Log;
}

/** Limits for one process on a small machine. Dataverse allows a user 52 concurrent requests; polls use up to 16. */
export const defaultWorkerLimits: WorkerLimits = {
  maxPolls: 128,
  maxPollsPerConnection: 16,
  maxDeliveries: 32,
};
