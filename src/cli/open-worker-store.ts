import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../model/world.ts';
import type { WorkerStore } from '../worker/worker-store.ts';

/** Where a worker keeps its state. */
export interface WorkerStoreOptions {
  readonly file?: string;
  readonly postgres?: string;
}

/** Opens the worker's store: PostgreSQL where `--postgres` or `D365_POSTGRES` says so, else a file. */
export async function openWorkerStore(
  { file, postgres = process.env.D365_POSTGRES }: WorkerStoreOptions,
  log?: Log,
): Promise<WorkerStore> {
  if (postgres && file === undefined) {
    const { openPostgresWorkerStore } = await import('../worker/postgres/open-store.ts');
    return await openPostgresWorkerStore(postgres, log);
  }
  const { openSqliteWorkerStore } = await import('../worker/sqlite/open-store.ts');
  const home = process.env.D365_HOME ?? join(homedir(), '.d365');
  return openSqliteWorkerStore(file ?? join(home, 'worker.sqlite'));
}
