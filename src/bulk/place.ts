import type { Connection } from '../run/connection.ts';
import type { WriteJob, WriteProgress } from './job.ts';

/** How far a job with a key has come: every row before `next` is done with. */
export interface Place extends WriteProgress {
  readonly next: number;
}

const START: Place = { next: 0, written: 0, failed: 0 };

/** Where a job goes on: at its first row when it has no key or was never begun. */
export async function recallPlace({ world, origin }: Connection, job: WriteJob): Promise<Place> {
  const kept = job.key === undefined ? undefined : await world.store.get(storeKey(origin, job, job.key));
  return kept === undefined ? START : (JSON.parse(kept.value) as Place);
}

/** Keeps the place of a job that has a key. */
export async function keepPlace({ world, origin }: Connection, job: WriteJob, place: Place): Promise<void> {
  if (job.key !== undefined) await world.store.set(storeKey(origin, job, job.key), JSON.stringify(place));
}

function storeKey(origin: string, { table, verb }: WriteJob, key: string): string {
  return `bulk/${origin}/${table}.${verb}/${key}`;
}
