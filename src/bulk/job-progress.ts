import type { Connection } from '../run/connection.ts';
import type { WriteJob, WriteProgress } from './write-job.ts';

/** The progress of a job with a key. */
export interface JobProgress extends WriteProgress {
  /** The index of the next row; all rows before it are written or have failed. */
  readonly nextRow: number;
}

const noProgress: JobProgress = { nextRow: 0, written: 0, failed: 0 };

/** Loads the progress of a job. A job without a key, or one that never ran, starts at the first row. */
export async function loadJobProgress({ services, origin }: Connection, job: WriteJob): Promise<JobProgress> {
  const entry = job.key === undefined ? undefined : await services.store.get(storeKey(origin, job, job.key));
  return entry === undefined ? noProgress : (JSON.parse(entry.value) as JobProgress);
}

/** Saves the progress of a job; does nothing for a job without a key. */
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
