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
import { createEvent, endPoll } from './fixture.ts';
import { shiftIntoPastSql } from './shift-into-past.ts';

const claimCount = 100;

/** A process claims polls and is stopped until its leases have expired and another worker has committed; then it commits. */
async function commitAfterLeaseExpired(
  store: WorkerStore,
  location: readonly string[],
  waitForExpiry: () => Promise<unknown>,
): Promise<number> {
  const ids = Array.from({ length: claimCount }, (_, i) => ({ id: `s${i}`, connection: 'c', trigger: 't' }));
  await store.syncSubscriptions(ids);
  const child = fork(join(import.meta.dirname, 'zombie-process.ts'), [...location]);
  expect((await once(child, 'message'))[0]).to.equal(claimCount);
  child.kill('SIGSTOP');
  await waitForExpiry();
  const claims = await store.claimDuePolls({ maxClaims: 1000, maxPerConnection: 1000 });
  expect(claims).to.have.length(claimCount);
  const commits = claims.map((claim) =>
    endPoll(store, {
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
  const [rejected] = await once(child, 'message');
  const events = (await store.status()).reduce((sum, status) => sum + status.events, 0);
  expect(events, 'events of the running worker').to.equal(claimCount);
  return rejected;
}

describe('worker: a process that commits after its lease', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  it(`SQLite: rejects ${claimCount} of ${claimCount} commits`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'd365-zombie-'));
    const file = join(folder, 'worker.sqlite');
    const store = openSqliteWorkerStore(file, { leaseMs: 500 });
    ends.push(
      () => store.close(),
      () => rmSync(folder, { recursive: true }),
    );
    const waitForExpiry = () => new Promise((resolve) => setTimeout(resolve, 600));
    expect(await commitAfterLeaseExpired(store, ['file', file], waitForExpiry)).to.equal(claimCount);
  });

  it(`PostgreSQL: rejects ${claimCount} of ${claimCount} commits`, async () => {
    const server = await startPostgres();
    const store = await openPostgresWorkerStore(server.url);
    const database = await openPostgres(server.url);
    ends.push(
      () => database.close(),
      () => store.close(),
      () => server.stop(),
    );
    const waitForExpiry = () => database.query(shiftIntoPastSql(leaseDurationMs + 1000));
    expect(await commitAfterLeaseExpired(store, ['postgres', server.url], waitForExpiry)).to.equal(
      claimCount,
    );
    expect(await store.reschedule()).to.equal(0);
  });
});
