/**
 * A service as a process of its own, for tests that kill it. The connections are those of D365_HOME or D365_POSTGRES.
 * Prints the address.
 */
import { join } from 'node:path';
import { loadConnector } from 'dynamics365-connector';
import { openConnectionStore, systemClock } from 'dynamics365-connector/node';
import { openPostgresWorkerStore, openSqliteWorkerStore } from 'dynamics365-connector-worker';
import { startService } from '../src/index.ts';

const { D365_HOME = '.', D365_POSTGRES, SERVICE_PORT = '0', AUTHORITY, CLOCK_AHEAD_MS = '0' } = process.env;
/** A clock that is ahead stands for a process that starts later. */
const clock = { ...systemClock, now: () => systemClock.now() + Number(CLOCK_AHEAD_MS) };
const connections = await openConnectionStore();
const connector = await loadConnector({ store: connections.store, clock });
const workerStore = D365_POSTGRES
  ? await openPostgresWorkerStore(D365_POSTGRES)
  : openSqliteWorkerStore(join(D365_HOME, 'worker.sqlite'));
const service = await startService({
  ...{ connector, connections, workerStore },
  port: Number(SERVICE_PORT),
  localAuthority: AUTHORITY,
  allowedTargets: ['127.0.0.1'],
});
console.log(service.listening);
process.once('SIGTERM', async () => {
  await service.close();
  await workerStore.close();
  connections.close();
});
