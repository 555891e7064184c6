import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { describeStore } from '../../../test/support/store-contract.ts';
import { openSqliteWorkerStore } from '../src/sqlite/open-sqlite-worker-store.ts';
import { describeWorkerStore } from './worker-store-contract.ts';

describe('worker: SQLite', () => {
  let folder: string;
  let files = 0;
  const path = () => join(folder, `worker-${files++}.sqlite`);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'd365-worker-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  describeWorkerStore('a file', async () => {
    let now = Date.now();
    const store = openSqliteWorkerStore(path(), { clock: { now: () => now } });
    return {
      store,
      async advanceTime(ms) {
        now += ms;
      },
    };
  });

  describeStore('state of the worker in SQLite', () => openSqliteWorkerStore(path()).state);

  it('creates a file that only its owner can read', async () => {
    const file = path();
    await openSqliteWorkerStore(file).close();
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it('keeps checkpoints after the store is closed', async () => {
    const file = path();
    const first = openSqliteWorkerStore(file);
    await first.syncSubscriptions([{ id: 'a', connection: 'c', trigger: 't' }]);
    const [claim] = await first.claimDuePolls({ maxClaims: 1, maxPerConnection: 1 });
    await first.commitPoll({
      claim: claim!,
      events: [],
      checkpoint: { at: 7 },
      writes: new Map(),
      dueInMs: 0,
    });
    await first.close();
    const second = openSqliteWorkerStore(file);
    const [again] = await second.claimDuePolls({ maxClaims: 1, maxPerConnection: 1 });
    expect(again!.checkpoint).to.deep.equal({ at: 7 });
    await second.close();
  });
});
