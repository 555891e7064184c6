import type { Clock } from 'dynamics365-connector';
import { createStateStore, openSqliteFile, systemClock } from 'dynamics365-connector/node';
import { leaseDurationMs, type WorkerStore } from '../worker-store.ts';
import { createSqliteEventStore } from './event-store.ts';
import { createSqliteForget } from './forget-row.ts';
import { createSqliteOutboxStore } from './outbox-store.ts';
import { createSqlitePollStore } from './poll-store.ts';
import { createRepairTimes, repairWhenClockGoesBack } from './repair-times.ts';
import { sqliteWorkerSchema, upgradeSqliteTables } from './sqlite-schema.ts';
import { createSqliteStatusHistory } from './status-history.ts';
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
  file.guard(() => upgradeSqliteTables(file.database));
  const now = () => clock.now();
  const leaseClock = { now, leaseMs };
  const repair = createRepairTimes(file, leaseClock);
  const checkClock = repairWhenClockGoesBack(now, repair);
  const subscriptionStore = createSqliteSubscriptionStore(file, leaseClock);
  const pollStore = createSqlitePollStore(file, leaseClock);
  const outboxStore = createSqliteOutboxStore(file, leaseClock);
  return {
    state: createStateStore(file),
    leaseMs,
    ...subscriptionStore,
    ...createSqliteEventStore(file, now),
    ...createSqliteForget(file, now),
    ...createSqliteStatusHistory(file, now, subscriptionStore.status),
    ...pollStore,
    ...outboxStore,
    async claimDuePolls(limits) {
      checkClock();
      return pollStore.claimDuePolls(limits);
    },
    async claimDeliveries(limits) {
      checkClock();
      return outboxStore.claimDeliveries(limits);
    },
    // The due time is a column of the subscription, so only a wrong time can stop polls.
    reschedule: async () => repair(),
    close: async () => file.close(),
  };
}
