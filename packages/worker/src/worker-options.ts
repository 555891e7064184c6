import type { Clock, Log } from 'dynamics365-connector';
import type { WorkerMetrics } from './metrics.ts';
import type { PollSubscription, Subscription } from './subscription.ts';
import type { WorkerStore } from './worker-store.ts';

/** How much a worker does at one time. */
export interface WorkerLimits {
  readonly maxPolls: number;
  /** Over all workers that share a store. */
  readonly maxPollsPerConnection: number;
  readonly maxDeliveries: number;
}

/** What a worker is made of. */
export interface WorkerOptions {
  readonly store: WorkerStore;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  readonly poll: PollSubscription;
  readonly limits: WorkerLimits;
  readonly metrics: WorkerMetrics;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

/** For one process of a small machine; 16 polls at one time leave a user's other work room to breathe. */
export const defaultWorkerLimits: WorkerLimits = {
  maxPolls: 128,
  maxPollsPerConnection: 16,
  maxDeliveries: 32,
};
