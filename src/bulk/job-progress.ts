import type { Connection } from '../run/connection.ts';
import type { WriteJob, WriteProgress } from './write-job.ts';

/** How far a job with a key has come: every row before `next` is done with. */
export interface JobProgress extends WriteProgress {
  readonly nextRow: number;
}

const noProgress: JobProgress = { nextRow: 0, written: 0, failed: 0 };

/** Where a job goes on: at its first row when it has no key or was never begun. */
export async function loadJobProgress({ services, origin }: Connection, job: WriteJob): Promise<JobProgress> {
  const entry = job.key === undefined ? undefined : await services.store.get(storeKey(origin, job, job.key));
  return entry === undefined ? noProgress : (JSON.parse(entry.value) as JobProgress);
}

/** Keeps the place of a job that has a key. */
export async function saveJobProgress(
  { services, origin }: Connection,
  job: WriteJob,
  progress: JobProgress,
): Promise<void> {
  if (job.key !== undefined)
    await services.store.set(storeKey(origin, job, job.key), JSON.stringify(progress));
}

function storeKey(origin: string, { table, verb }: WriteJob, key: string): string {
  return `bulk/${origin}/${table}.${verb}/${key}`;
}
