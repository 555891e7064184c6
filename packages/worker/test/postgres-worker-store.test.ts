import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ConnectorError, Secret, type StateStore } from 'dynamics365-connector';
import {
  openConnectionStore,
  openPostgres,
  openPostgresStore,
  type Postgres,
} from 'dynamics365-connector/node';
import { startPostgres, type TestPostgres } from '../../../test/support/postgres.ts';
import { describeStore } from '../../../test/support/store-contract.ts';
import { openPostgresWorkerStore } from '../src/postgres/open-postgres-worker-store.ts';
import { shiftIntoPastSql } from './shift-into-past.ts';
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
    delete: async (key) => (await ready).delete(key),
    keys: async (prefix) => (await ready).keys(prefix),
  };
}

describe('worker: PostgreSQL', function () {
  this.timeout(60_000);
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

  describeWorkerStore('PostgreSQL', async () => {
    const store = await openPostgresWorkerStore(server.url);
    await database.query('TRUNCATE d365.subscription, d365.connection, d365.outbox, d365.state');
    await database.query('DELETE FROM d365_timer.job');
    return { store, advanceTime: async (ms) => void (await database.query(shiftIntoPastSql(ms))) };
  });

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
