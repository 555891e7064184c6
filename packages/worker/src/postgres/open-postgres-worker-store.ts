import type { Log } from 'dynamics365-connector';
import {
  createPostgresTables,
  openPostgres,
  openPostgresStore,
  readEntries,
} from 'dynamics365-connector/node';
import { batchCalls } from '../batch-calls.ts';
import type { WorkerStore } from '../worker-store.ts';
import { createPostgresOutboxStore } from './outbox-store.ts';
import { startPollQueue } from './poll-queue.ts';
import { createPostgresPollStore } from './poll-store.ts';
import { postgresWorkerSchema } from './postgres-schema.ts';
import { createPostgresSubscriptionStore } from './subscription-store.ts';

/**
 * The worker's store in PostgreSQL 13 or newer, for any number of workers on any number of machines. Tables are
 * created where they are missing, in the schemas `d365` and `d365_timer`.
 */
export async function openPostgresWorkerStore(url: string, log: Log = () => {}): Promise<WorkerStore> {
  const postgres = await openPostgres(url);
  try {
    const state = await openPostgresStore(postgres);
    await createPostgresTables(postgres, postgresWorkerSchema);
    const queue = await startPollQueue(postgres, log);
    const get = batchCalls(async (keys: readonly string[]) => {
      const found = await readEntries(postgres, keys);
      return keys.map((key) => found.get(key));
    });
    return {
      state: { ...state, get },
      ...createPostgresSubscriptionStore(postgres, queue),
      ...createPostgresPollStore(postgres, queue),
      ...createPostgresOutboxStore(postgres),
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
