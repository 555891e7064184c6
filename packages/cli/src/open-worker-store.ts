import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Log } from 'dynamics365-connector';
import type { WorkerStore } from 'dynamics365-connector-worker';

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
    const { openPostgresWorkerStore } = await import('dynamics365-connector-worker');
    return await openPostgresWorkerStore(postgres, log);
  }
  const { openSqliteWorkerStore } = await import('dynamics365-connector-worker');
  const home = process.env.D365_HOME ?? join(homedir(), '.d365');
  return openSqliteWorkerStore(file ?? join(home, 'worker.sqlite'));
}
