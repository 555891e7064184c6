import type { Clock, Log } from 'dynamics365-connector';
import type { WorkerMetrics } from '../metrics.ts';
import type { ConnectionsByName } from '../poller.ts';
import type { Subscription } from '../subscription.ts';
import type { WorkerStore } from '../worker-store.ts';
import type { PushAddress } from './push-routes.ts';

/** What push works with. */
export interface PushOptions {
  readonly address: PushAddress;
  readonly connections: ConnectionsByName;
  /** They may change at any time. */
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  readonly store: Pick<WorkerStore, 'state' | 'wake'>;
  readonly metrics: Pick<WorkerMetrics, 'pushRequests'>;
  readonly clock: Clock;
  readonly log: Log;
  /** How often registrations and failed jobs are checked. Default: five minutes. */
  readonly checkEveryMs?: number;
}
