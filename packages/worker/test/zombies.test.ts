import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openPostgres } from 'dynamics365-connector/node';
import { startPostgres } from '../../../test/support/postgres.ts';
import { openPostgresWorkerStore } from '../src/postgres/open-store.ts';
import { openSqliteWorkerStore } from '../src/sqlite/open-store.ts';
import { LEASE_MS, type WorkerStore } from '../src/worker-store.ts';
import { past } from './past.ts';
import { eventOf } from './stage.ts';

const TRIGGERS = 100;

/** A process claims, sleeps like a stopped laptop while its leases lapse and others work, and wakes to commit. */
async function haunt(
  store: WorkerStore,
  place: readonly string[],
  lapse: () => Promise<unknown>,
): Promise<number> {
  const ids = Array.from({ length: TRIGGERS }, (_, i) => ({ id: `s${i}`, connection: 'c', trigger: 't' }));
  await store.declare(ids);
  const child = fork(join(import.meta.dirname, 'zombie-process.ts'), [...place]);
  expect((await once(child, 'message'))[0]).to.equal(TRIGGERS);
  child.kill('SIGSTOP');
  await lapse();
  const claims = await store.claimDue({ most: 1000, perConnection: 1000 });
  expect(claims).to.have.length(TRIGGERS);
  const commits = claims.map((claim) =>
    store.commitPoll({
      claim,
      events: [eventOf('r', 'own')],
      checkpoint: {},
      writes: new Map(),
      dueInMs: 60_000,
    }),
  );
  expect(await Promise.all(commits)).to.not.include(false);
  child.kill('SIGCONT');
  child.send('commit');
  const [refused] = await once(child, 'message');
  const events = (await store.status()).reduce((sum, status) => sum + status.events, 0);
  expect(events, 'events of the living').to.equal(TRIGGERS);
  return refused;
}

describe('worker: zombies', function () {
  this.timeout(60_000);

  it(`on one file, ${TRIGGERS} of ${TRIGGERS} commits after the lease are refused`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'd365-zombie-'));
    const file = join(folder, 'worker.sqlite');
    const store = openSqliteWorkerStore(file, { leaseMs: 500 });
    const lapse = () => new Promise((resolve) => setTimeout(resolve, 600));
    expect(await haunt(store, ['file', file], lapse)).to.equal(TRIGGERS);
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it(`on PostgreSQL, ${TRIGGERS} of ${TRIGGERS} commits after the lease are refused`, async () => {
    const server = await startPostgres();
    const store = await openPostgresWorkerStore(server.url);
    const database = await openPostgres(server.url);
    const lapse = () => database.query(past(LEASE_MS + 1000));
    expect(await haunt(store, ['postgres', server.url], lapse)).to.equal(TRIGGERS);
    expect(await store.rearm()).to.equal(0);
    await Promise.all([database.close(), store.close()]);
    await server.stop();
  });
});
