import type { Clock } from 'dynamics365-connector';
import { createStateStore, openSqliteFile, systemClock } from 'dynamics365-connector/node';
import { leaseDurationMs, type WorkerStore } from '../worker-store.ts';
import { createSqliteOutboxStore } from './outbox-store.ts';
import { createSqlitePollStore } from './poll-store.ts';
import { sqliteWorkerSchema } from './sqlite-schema.ts';
import { createSqliteSubscriptionStore } from './subscription-store.ts';

/** Options of the store, for tests. */
export interface SqliteWorkerStoreOptions {
  readonly clock?: Pick<Clock, 'now'>;
  /** How long a claim lasts without renewal, in milliseconds. Default: 30,000. */
  readonly leaseMs?: number;
}

/**
 * Opens the store of a worker in a SQLite file on this machine. Several processes can open the same file.
 *
 * @throws ConnectorError STORE_FAILED if the file cannot be opened
 */
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
    // The due time is a column of the subscription, so a scheduled poll cannot be missing.
    reschedule: async () => 0,
    close: async () => file.close(),
  };
}
