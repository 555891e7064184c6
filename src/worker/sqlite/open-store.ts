import type { Clock } from '../../model/world.ts';
import { systemClock } from '../../node/clock.ts';
import { openSqliteFile } from '../../node/sqlite.ts';
import { createStateStore } from '../../node/sqlite-store.ts';
import type { WorkerStore } from '../worker-store.ts';
import { createOutbox } from './outbox.ts';
import { createPolls } from './polls.ts';
import { workerSchema } from './schema.ts';
import { createSubscriptions } from './subscriptions.ts';

/** The worker's store in one file of this machine, with nothing to install. Several processes may open it. */
export function openSqliteWorkerStore(path: string, clock: Pick<Clock, 'now'> = systemClock): WorkerStore {
  const file = openSqliteFile(path, workerSchema);
  const now = () => clock.now();
  return {
    state: createStateStore(file),
    ...createSubscriptions(file, now),
    ...createPolls(file, now),
    ...createOutbox(file, now),
    // Being due is a column of the subscription here: there is nothing that could have gone missing.
    rearm: async () => 0,
    close: async () => file.close(),
  };
}
