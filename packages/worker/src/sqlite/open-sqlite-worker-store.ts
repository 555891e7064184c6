import type { Clock } from 'dynamics365-connector';
import { createStateStore, openSqliteFile, systemClock } from 'dynamics365-connector/node';
import { leaseDurationMs, type WorkerStore } from '../worker-store.ts';
import { createSqliteOutboxStore } from './outbox-store.ts';
import { createSqlitePollStore } from './poll-store.ts';
import { sqliteWorkerSchema } from './sqlite-schema.ts';
import { createSqliteSubscriptionStore } from './subscription-store.ts';

/** What may be otherwise with a file. */
export interface SqliteWorkerStoreOptions {
  readonly clock?: Pick<Clock, 'now'>;
  /** How long a claim lasts without being renewed. */
  readonly leaseMs?: number;
}

/** The worker's store in one file of this machine, with nothing to install. Several processes may open it. */
export function openSqliteWorkerStore(
  path: string,
  { clock = systemClock, leaseMs = leaseDurationMs }: SqliteWorkerStoreOptions = {},
): WorkerStore {
  const file = openSqliteFile(path, sqliteWorkerSchema);
  const now = () => clock.now();
  return {
    state: createStateStore(file),
    ...createSqliteSubscriptionStore(file, now),
    ...createSqlitePollStore(file, { now, leaseMs }),
    ...createSqliteOutboxStore(file, { now, leaseMs }),
    // Being due is a column of the subscription here: there is nothing that could have gone missing.
    reschedule: async () => 0,
    close: async () => file.close(),
  };
}
