import type { Log } from 'dynamics365-connector';
import {
  createPostgresTables,
  openPostgres,
  openPostgresStore,
  readEntries,
} from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import { leaseDurationMs, type WorkerStore } from '../worker-store.ts';
import { createPostgresEventStore } from './event-store.ts';
import { createPostgresForget } from './forget-row.ts';
import { createPostgresOutboxStore } from './outbox-store.ts';
import { startPollQueue } from './poll-queue.ts';
import { createPostgresPollStore } from './poll-store.ts';
import { postgresWorkerSchema } from './postgres-schema.ts';
import { repairWhenClockGoesBack } from './repair-times.ts';
import { createPostgresStatusHistory } from './status-history.ts';
import { createPostgresSubscriptionStore } from './subscription-store.ts';

/**
 * Opens the store of a worker in PostgreSQL 13 or newer, for workers on several machines. Creates missing tables in the
 * schemas `d365` and `d365_timer`.
 *
 * @param url `postgres://user:password@host/database`
 * @throws ConnectorError SETTING_INVALID for another URL or without the packages pg and pg-boss; STORE_FAILED if the
 *   database cannot be reached
 */
export async function openPostgresWorkerStore(url: string, log: Log = () => {}): Promise<WorkerStore> {
  const postgres = await openPostgres(url);
  try {
    const state = await openPostgresStore(postgres);
    await createPostgresTables(postgres, postgresWorkerSchema);
    const queue = await startPollQueue(postgres, { log });
    const subscriptionStore = createPostgresSubscriptionStore(postgres, queue);
    const get = batchCalls(async (keys: readonly string[]) => {
      const found = await readEntries(postgres, keys);
      return keys.map((key) => found.get(key));
    });
    return {
      state: { ...state, get },
      leaseMs: leaseDurationMs,
      ...subscriptionStore,
      ...createPostgresPollStore(postgres, queue),
      ...createPostgresOutboxStore(postgres, repairWhenClockGoesBack(postgres, queue)),
      ...createPostgresEventStore(postgres),
      ...createPostgresForget(postgres),
      ...createPostgresStatusHistory(postgres, subscriptionStore.status),
      async close() {
        await queue.stop();
        await postgres.close();
      },
    };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}
