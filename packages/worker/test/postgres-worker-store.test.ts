import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ConnectorError, type LogEvent, Secret, type StateStore } from 'dynamics365-connector';
import {
  openConnectionStore,
  openPostgres,
  openPostgresStore,
  type Postgres,
} from 'dynamics365-connector/node';
import { startPostgres, type TestPostgres } from '../../../test/support/postgres.ts';
import { atScale } from '../../../test/support/soak.ts';
import { describeStore } from '../../../test/support/store-contract.ts';
import { openPostgresWorkerStore } from '../src/postgres/open-postgres-worker-store.ts';
import { startPollQueue } from '../src/postgres/poll-queue.ts';
import { endPoll } from './fixture.ts';
import { shiftIntoPastSql } from './shift-into-past.ts';
import { describeWorkerHistory } from './worker-history-contract.ts';
import { describeWorkerStore } from './worker-store-contract.ts';

/** A store that is emptied before its first use, because the contract needs an empty one. */
function createEmptiedStore(opening: Promise<StateStore>): StateStore {
  const ready = opening.then(async (store) => {
    for (const key of await store.keys('')) await store.delete(key);
    return store;
  });
  return {
    get: async (key) => (await ready).get(key),
    set: async (key, value) => (await ready).set(key, value),
    replace: async (key, value, expected) => (await ready).replace(key, value, expected),
    getMany: async (keys) => (await ready).getMany(keys),
    writeMany: async (writes, expected) => (await ready).writeMany(writes, expected),
    delete: async (key) => (await ready).delete(key),
    keys: async (prefix) => (await ready).keys(prefix),
    list: async (prefix, range) => (await ready).list(prefix, range),
  };
}

describe('worker: PostgreSQL', function () {
  this.timeout(atScale(60_000, 120_000));
  let server: TestPostgres;
  let database: Postgres;
  before(async () => {
    server = await startPostgres();
    database = await openPostgres(server.url);
  });
  after(async () => {
    await database.close();
    await server.stop();
  });

  const openEmpty = async () => {
    const store = await openPostgresWorkerStore(server.url);
    await database.query(
      'TRUNCATE d365.subscription, d365.connection, d365.outbox, d365.target, d365.state, d365.delivered, d365.sample',
    );
    await database.query('DELETE FROM d365_timer.job');
    return {
      store,
      advanceTime: async (ms: number) => void (await database.query(shiftIntoPastSql(ms))),
      damage: async (table: string, column: string) =>
        void (await database.query(`UPDATE d365.${table} SET ${column} = 'not JSON'`)),
      postpone: async (table: string, column: string) =>
        void (await database.query(`UPDATE d365.${table} SET ${column} = '9999-12-31'`)),
    };
  };
  describeWorkerStore('PostgreSQL', openEmpty);
  describeWorkerHistory('PostgreSQL', openEmpty);

  describeStore('in PostgreSQL', () => createEmptiedStore(openPostgresStore(database)));

  it('reschedule: creates a missing job', async () => {
    const store = await openPostgresWorkerStore(server.url);
    await store.syncSubscriptions([{ id: 'lost', connection: 'c', trigger: 't' }]);
    await database.query("DELETE FROM d365_timer.job WHERE singleton_key = 'lost'");
    expect(await store.reschedule()).to.equal(1);
    expect(await store.reschedule()).to.equal(0);
    expect(await store.claimDuePolls({ maxClaims: 9, maxPerConnection: 9 })).to.have.length(1);
    await store.close();
  });

  // For a minute with D365_SOAK=1.
  it('maintains the tables of the poll queue without errors while feeds are polled', async () => {
    const logEvents: LogEvent[] = [];
    const log = (event: LogEvent) => void logEvents.push(event);
    const queue = await startPollQueue(database, { log, maintenanceSeconds: 1 });
    const store = await openPostgresWorkerStore(server.url, log);
    await store.syncSubscriptions([{ id: 'polled', connection: 'c', trigger: 't' }]);
    await database.query('UPDATE d365_timer.queue SET maintain_on = NULL, monitor_on = NULL');
    const isMaintained = async () =>
      (await database.query('SELECT 1 FROM d365_timer.queue WHERE monitor_on IS NOT NULL')).length > 0;
    const endAt = Date.now() + atScale(0, 60_000);
    while (!(await isMaintained()) || Date.now() < endAt) {
      for (const claim of await store.claimDuePolls({ maxClaims: 9, maxPerConnection: 9 }))
        await endPoll(store, { claim, events: [], checkpoint: {}, dueInMs: 100 });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await store.close();
    await queue.stop();
    expect(logEvents).to.deep.equal([]);
  });

  it('returns the rows of every statement', async () => {
    expect(await database.query('SELECT 1 AS n; SELECT 2 AS n')).to.deep.equal([{ n: 1 }, { n: 2 }]);
  });

  it('shares saved connections between machines, with encrypted secrets', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'd365-shared-'));
    const env = { D365_POSTGRES: server.url, D365_HOME: folder, D365_VAULT_KEYS: `a:${'A'.repeat(43)}=` };
    const first = await openConnectionStore({ env });
    const settings = { orgUrl: 'https://contoso.crm.dynamics.com' };
    const contoso = { name: 'contoso', kind: 'app', settings, clientId: 'x' } as const;
    await first.save(contoso, { secret: new Secret('hunter2') });
    const second = await openConnectionStore({ env });
    expect((await second.open()).saved).to.deep.equal(contoso);
    expect((await second.secrets('contoso')).secret?.reveal()).to.equal('hunter2');
    const rows = await database.query<{ text: string }>(
      "SELECT encode(value, 'escape') AS text FROM d365.state",
    );
    expect(rows.map(({ text }) => text).join())
      .to.include('contoso')
      .and.not.include('hunter2');
    for (const connections of [first, second]) connections.close();
    await rm(folder, { recursive: true });
  });

  it('opens a store whose tables other workers are using, without waiting for them', async () => {
    await (await openPostgresWorkerStore(server.url)).close();
    const other = await openPostgres(server.url);
    const opened = await other.transaction(async (sql) => {
      await sql.query('LOCK TABLE d365.subscription, d365.outbox, d365.state IN ROW EXCLUSIVE MODE');
      const opening = openPostgresWorkerStore(server.url);
      const waited = new Promise<undefined>((resolve) => setTimeout(resolve, 20_000, undefined));
      return await Promise.race([opening, waited]);
    });
    await other.close();
    expect(opened, 'the store').to.not.equal(undefined);
    await opened?.close();
  });

  it('opens at the same time in several processes on a new database', async () => {
    for (let round = 0; round < 3; round++) {
      await database.query(`CREATE DATABASE together${round}`);
      const url = server.url.replace(/d365$/, `together${round}`);
      const opened = await Promise.allSettled(Array.from({ length: 5 }, () => openPostgresWorkerStore(url)));
      for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
      expect(opened.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).to.deep.equal(
        [],
      );
    }
  });

  it('fails when the server does not respond, instead of waiting for ever', async () => {
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const unresponsive = await openPostgres(`postgres://u:p@127.0.0.1:${port}/d`, { maxWaitMs: 50 });
    const error = await unresponsive.query('SELECT 1').catch((reason: unknown) => reason as ConnectorError);
    expect(error).to.include({ code: 'STORE_FAILED' });
    expect((error as ConnectorError).message).to.include('(timeout)');
    await unresponsive.close();
    silent.close();

    const slow = await openPostgres(server.url, { maxWaitMs: 200 });
    const late = await slow.query('SELECT pg_sleep(5)').catch((reason: unknown) => reason as ConnectorError);
    expect((late as ConnectorError).message).to.include('(timeout)');
    expect(await database.query('SELECT 1 AS n'), 'another connection').to.deep.equal([{ n: 1 }]);
    await slow.close();
  });

  it('rejects an invalid or unreachable URL without printing its password', async () => {
    const errors = ['mysql://u:hunter2@h/d', 'postgres://u:hunter2@127.0.0.1:1/d'].map((url) =>
      openPostgresWorkerStore(url).catch((error: unknown) => error as ConnectorError),
    );
    const [invalid, unreachable] = (await Promise.all(errors)) as ConnectorError[];
    expect(invalid!.code).to.equal('SETTING_INVALID');
    expect(unreachable!.code).to.equal('STORE_FAILED');
    expect(JSON.stringify([invalid, unreachable])).not.to.include('hunter2');
  });
});
