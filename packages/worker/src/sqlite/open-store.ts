import type { Clock } from 'dynamics365-connector';
import { createStateStore, openSqliteFile, systemClock } from 'dynamics365-connector/node';
import { LEASE_MS, type WorkerStore } from '../worker-store.ts';
import { createOutbox } from './outbox.ts';
import { createPolls } from './polls.ts';
import { workerSchema } from './schema.ts';
import { createSubscriptions } from './subscriptions.ts';

/** What may be otherwise with a file. */
export interface SqliteWorkerStoreOptions {
  readonly clock?: Pick<Clock, 'now'>;
  /** How long a claim lasts without being renewed. */
  readonly leaseMs?: number;
}

/** The worker's store in one file of this machine, with nothing to install. Several processes may open it. */
export function openSqliteWorkerStore(
  path: string,
  { clock = systemClock, leaseMs = LEASE_MS }: SqliteWorkerStoreOptions = {},
): WorkerStore {
  const file = openSqliteFile(path, workerSchema);
  const now = () => clock.now();
  return {
    state: createStateStore(file),
    ...createSubscriptions(file, now),
    ...createPolls(file, { now, leaseMs }),
    ...createOutbox(file, { now, leaseMs }),
    // Being due is a column of the subscription here: there is nothing that could have gone missing.
    rearm: async () => 0,
    close: async () => file.close(),
  };
}
