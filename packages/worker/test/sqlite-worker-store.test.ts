import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import { describeStore } from '../../../test/support/store-contract.ts';
import { openSqliteWorkerStore } from '../src/sqlite/open-sqlite-worker-store.ts';
import { endPoll } from './fixture.ts';
import { describeWorkerHistory } from './worker-history-contract.ts';
import { createItem, describeWorkerStore } from './worker-store-contract.ts';

const deliveryLimits = { maxDeliveries: 9, maxPerTarget: 9, inFlight: new Map(), proved: new Map() };

function execute(file: string, sql: string): void {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
}

describe('worker: SQLite', () => {
  let folder: string;
  let files = 0;
  const path = () => join(folder, `worker-${files++}.sqlite`);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'd365-worker-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const openNew = async () => {
    let now = Date.now();
    const file = path();
    const store = openSqliteWorkerStore(file, { clock: { now: () => now } });
    return {
      store,
      async advanceTime(ms: number) {
        now += ms;
      },
      damage: async (table: string, column: string) =>
        execute(file, `UPDATE ${table} SET ${column} = 'not JSON'`),
      postpone: async (table: string, column: string) =>
        execute(file, `UPDATE ${table} SET ${column} = ${Date.UTC(9999, 11, 31)}`),
    };
  };
  describeWorkerStore('a file', openNew);
  describeWorkerHistory('a file', openNew);

  describeStore('state of the worker in SQLite', () => openSqliteWorkerStore(path()).state);

  it('creates a file that only its owner can read', async () => {
    const file = path();
    await openSqliteWorkerStore(file).close();
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });

  it('opens a file of version 0.1.0 and delivers its events', async () => {
    const file = path();
    const database = new DatabaseSync(file);
    database.exec(`
      CREATE TABLE connection (name TEXT PRIMARY KEY, blocked_until INTEGER NOT NULL DEFAULT 0) STRICT;
      CREATE TABLE subscription (
        id TEXT PRIMARY KEY, connection TEXT NOT NULL, trigger TEXT NOT NULL, inactive INTEGER NOT NULL DEFAULT 0,
        paused_by TEXT, epoch INTEGER NOT NULL DEFAULT 0, leased_until INTEGER NOT NULL DEFAULT 0,
        next_due_at INTEGER NOT NULL, polled_at INTEGER, checkpoint TEXT, failure TEXT,
        failures INTEGER NOT NULL DEFAULT 0, polls INTEGER NOT NULL DEFAULT 0, events INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE TABLE outbox (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT, subscription TEXT NOT NULL, record TEXT NOT NULL,
        item TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL, dead TEXT
      ) STRICT;
      CREATE INDEX outbox_due ON outbox (due_at) WHERE dead IS NULL;
      CREATE INDEX outbox_record ON outbox (subscription, record, sequence) WHERE dead IS NULL;
      INSERT INTO connection VALUES ('c', 253402300799000);
      INSERT INTO subscription (id, connection, trigger, next_due_at, checkpoint) VALUES ('a', 'c', 't', 0, '{"v":1}');
      INSERT INTO outbox (subscription, record, item, due_at) VALUES ('a', 'r', '${JSON.stringify(createItem('e1'))}', 0)`);
    database.close();
    const store = openSqliteWorkerStore(file);
    await store.syncSubscriptions([{ id: 'a', connection: 'c', trigger: 't', target: 'stdout' }]);
    const claims = await store.claimDuePolls({ maxClaims: 1, maxPerConnection: 1 });
    expect(claims[0]?.checkpoint, 'although the connection was blocked until 9999').to.deep.equal({ v: 1 });
    const [delivery] = await store.claimDeliveries(deliveryLimits);
    expect(delivery).to.deep.include({ target: 'stdout', item: createItem('e1') });
    await store.close();
  });

  it('polls and delivers at once when the clock is put back, without waiting for a repair', async () => {
    let now = Date.now();
    const store = openSqliteWorkerStore(path(), { clock: { now: () => now } });
    await store.syncSubscriptions([{ id: 'a', connection: 'c', trigger: 't' }]);
    const limits = { maxClaims: 1, maxPerConnection: 1 };
    const commitNext = async () => {
      const [claim] = await store.claimDuePolls(limits);
      const events = [{ rowId: 'r', item: createItem('e1') }];
      return await endPoll(store, {
        claim: claim!,
        events,
        checkpoint: {},
        writes: new Map(),
        dueInMs: 60_000,
      });
    };
    await commitNext();
    now -= 2_700_000;
    expect(await commitNext()).to.equal(true);
    const deliveries = await store.claimDeliveries(deliveryLimits);
    expect(deliveries).to.have.length(1);
    await store.close();
  });

  it('keeps checkpoints after the store is closed', async () => {
    const file = path();
    const first = openSqliteWorkerStore(file);
    await first.syncSubscriptions([{ id: 'a', connection: 'c', trigger: 't' }]);
    const [claim] = await first.claimDuePolls({ maxClaims: 1, maxPerConnection: 1 });
    await endPoll(first, {
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
