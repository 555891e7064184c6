import type { Log } from 'dynamics365-connector';
import { createTables, getMany, openPostgres, openPostgresStore } from 'dynamics365-connector/node';
import { coalesce } from '../coalesce.ts';
import type { WorkerStore } from '../worker-store.ts';
import { createOutbox } from './outbox.ts';
import { createPolls } from './polls.ts';
import { workerTables } from './schema.ts';
import { createSubscriptions } from './subscriptions.ts';
import { startTimer } from './timer.ts';

/**
 * The worker's store in PostgreSQL 13 or newer, for any number of workers on any number of machines. Tables are
 * created where they are missing, in the schemas `d365` and `d365_timer`.
 */
export async function openPostgresWorkerStore(url: string, log: Log = () => {}): Promise<WorkerStore> {
  const postgres = await openPostgres(url);
  try {
    const state = await openPostgresStore(postgres);
    await createTables(postgres, workerTables);
    const timer = await startTimer(postgres, log);
    const get = coalesce(async (keys: readonly string[]) => {
      const found = await getMany(postgres, keys);
      return keys.map((key) => found.get(key));
    });
    return {
      state: { ...state, get },
      ...createSubscriptions(postgres, timer),
      ...createPolls(postgres, timer),
      ...createOutbox(postgres),
      async close() {
        await timer.stop();
        await postgres.close();
      },
    };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}
