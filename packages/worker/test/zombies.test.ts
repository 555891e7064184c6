import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openPostgres } from 'dynamics365-connector/node';
import { startPostgres } from '../../../test/support/postgres.ts';
import { openPostgresWorkerStore } from '../src/postgres/open-postgres-worker-store.ts';
import { openSqliteWorkerStore } from '../src/sqlite/open-sqlite-worker-store.ts';
import { leaseDurationMs, type WorkerStore } from '../src/worker-store.ts';
import { createEvent } from './fixture.ts';
import { shiftIntoPastSql } from './shift-into-past.ts';

const triggers = 100;

/** A process claims, sleeps like a stopped laptop while its leases lapse and others work, and wakes to commit. */
async function commitAfterLeaseExpired(
  store: WorkerStore,
  location: readonly string[],
  lapse: () => Promise<unknown>,
): Promise<number> {
  const ids = Array.from({ length: triggers }, (_, i) => ({ id: `s${i}`, connection: 'c', trigger: 't' }));
  await store.syncSubscriptions(ids);
  const child = fork(join(import.meta.dirname, 'zombie-process.ts'), [...location]);
  expect((await once(child, 'message'))[0]).to.equal(triggers);
  child.kill('SIGSTOP');
  await lapse();
  const claims = await store.claimDuePolls({ maxClaims: 1000, maxPerConnection: 1000 });
  expect(claims).to.have.length(triggers);
  const commits = claims.map((claim) =>
    store.commitPoll({
      claim,
      events: [createEvent('r', 'own')],
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
  expect(events, 'events of the living').to.equal(triggers);
  return refused;
}

describe('worker: zombies', function () {
  this.timeout(60_000);

  it(`on one file, ${triggers} of ${triggers} commits after the lease are refused`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'd365-zombie-'));
    const file = join(folder, 'worker.sqlite');
    const store = openSqliteWorkerStore(file, { leaseMs: 500 });
    const lapse = () => new Promise((resolve) => setTimeout(resolve, 600));
    expect(await commitAfterLeaseExpired(store, ['file', file], lapse)).to.equal(triggers);
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it(`on PostgreSQL, ${triggers} of ${triggers} commits after the lease are refused`, async () => {
    const server = await startPostgres();
    const store = await openPostgresWorkerStore(server.url);
    const database = await openPostgres(server.url);
    const lapse = () => database.query(shiftIntoPastSql(leaseDurationMs + 1000));
    expect(await commitAfterLeaseExpired(store, ['postgres', server.url], lapse)).to.equal(triggers);
    expect(await store.reschedule()).to.equal(0);
    await Promise.all([database.close(), store.close()]);
    await server.stop();
  });
});
