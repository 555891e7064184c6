import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'dynamics365-connector';
import {
  openPostgresWorkerStore,
  openSqliteWorkerStore,
  type WorkerStore,
} from 'dynamics365-connector-worker';

/** The flags that choose the store of a worker. */
export interface WorkerStoreOptions {
  readonly file?: string;
  readonly postgres?: string;
}

/**
 * Opens the store of the worker: PostgreSQL if `--postgres` or `D365_POSTGRES` is set and `--file` is not, else a
 * SQLite file.
 */
export async function openWorkerStore(
  { file, postgres = process.env.D365_POSTGRES }: WorkerStoreOptions,
  log?: Log,
): Promise<WorkerStore> {
  if (postgres && file === undefined) return await openPostgresWorkerStore(postgres, log);
  const home = process.env.D365_HOME ?? join(homedir(), '.d365');
  return openSqliteWorkerStore(file ?? join(home, 'worker.sqlite'));
}
