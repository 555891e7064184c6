import { expect } from 'chai';
import { createStandardModel } from '../../packages/sandbox/src/model/standard-model.ts';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import { createMetadataService } from '../../src/metadata/metadata-service.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { MetadataTable } from '../../src/model/metadata.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { metadataOf } from '../support/metadata.ts';
import { createReader } from './organization.ts';

const origin = 'http://org.test';
const model = metadataOf(createStandardModel());

function createService(
  read: (path: string) => Promise<JsonObject>,
  store = createMemoryStore(),
  clock = createFakeClock(),
) {
  return { clock, store, service: createMetadataService({ read, store, clock, origin }) };
}

/** A reader of an organization whose metadata has version 1, until `setVersion`. */
function createVersionedReader() {
  const { read, paths } = createReader();
  let version = '1';
  return {
    paths,
    setVersion(next: string) {
      version = next;
    },
    async read(path: string): Promise<JsonObject> {
      const response = await read(path);
      return path.startsWith('/organizations')
        ? { ...response, '@Microsoft.Dynamics.CRM.globalmetadataversion': version }
        : response;
    },
  };
}

const ofTables = (paths: readonly string[]) => paths.filter((path) => path.includes("LogicalName='"));

describe('createMetadataService', () => {
  it('reads a table once, when it is first needed', async () => {
    const { read, paths } = createReader();
    const { service } = createService(read);
    expect(paths).to.deep.equal([]);
    const [table] = await Promise.all([service.getTable('incident'), service.getTable('incident')]);
    expect(table).to.include({
      name: 'incident',
      entitySet: 'incidents',
      key: 'incidentid',
      primaryName: 'title',
    });
    const first = paths.length;
    await service.getTable('incident');
    expect(paths.length).to.equal(first);
    expect(ofTables(paths).every((path) => path.includes("'incident'"))).to.equal(true);
  });

  it('reads types, choices, lookups and navigation properties', async () => {
    const { service } = createService(createReader().read);
    const table = (await service.getTable('incident'))!;
    const column = (name: string) => table.columns.find((one) => one.name === name)!;
    expect(column('ticketnumber')).to.include({ title: 'Case Number', type: 'string' });
    expect(column('prioritycode').choices).to.deep.include({ value: 1, label: 'High' });
    expect(column('createdon').type).to.equal('date-time');
    expect(column('customerid')).to.include({ type: 'lookup' });
    expect(column('customerid').targets).to.include.members(['account', 'contact']);
    const navigation = (name: string) => table.navigations.find((one) => one.name === name);
    expect(navigation('customerid_account')).to.deep.equal({
      name: 'customerid_account',
      kind: 'manyToOne',
      target: 'account',
      column: 'customerid',
    });
    expect(navigation('ownerid')).to.include({ kind: 'manyToOne', column: 'ownerid' });
    expect(navigation('Incident_Tasks')).to.include({ kind: 'oneToMany', target: 'task' });
  });

  it('reads all columns and navigation properties, with those of the base table', async () => {
    const { service } = createService(createReader().read);
    for (const name of ['incident', 'email', 'task', 'account', 'queueitem']) {
      const [read, known] = [(await service.getTable(name))!, model.find((table) => table.name === name)!];
      const facts = (table: MetadataTable) =>
        // The model of the sandbox has the people of activities as rows of activityparty only.
        table.columns
          .filter(({ type }) => type !== 'parties')
          .map(({ name, type, title }) => [name, type, title].join(' '));
      const navigations = (table: MetadataTable) =>
        table.navigations.map(({ name, kind }) => `${kind} ${name}`);
      expect(facts(read), name).to.have.members(facts(known));
      expect(navigations(read), name).to.include.members(navigations(known));
    }
  });

  it('returns undefined for a missing table and rejects if the metadata cannot be read', async () => {
    const { read } = createReader();
    const { service } = createService(read);
    expect(await service.getTable('nothing')).to.equal(undefined);
    expect(await service.getTable("x') or ('")).to.equal(undefined);
    const broken = createService(async () => Promise.reject(new Error('no network')));
    expect(await broken.service.getTable('incident').catch((error: Error) => error.message)).to.equal(
      'no network',
    );
  });

  it('shares the metadata with other processes through the store', async () => {
    const { read, paths } = createReader();
    const { service, store } = createService(read);
    await service.getTable('account');
    const before = paths.length;
    const other = createService(read, store);
    expect(await other.service.getTable('account')).to.deep.equal(await service.getTable('account'));
    expect(paths.length).to.equal(before);
  });

  it('returns an old table at once and reads it again only if the version has changed', async () => {
    const { read, paths, setVersion } = createVersionedReader();
    const { service, clock } = createService(read);
    await service.getTable('account');
    const refresh = async () => {
      await clock.sleep(6 * 60 * 1000);
      await service.getTable('account');
      await new Promise((resolve) => setImmediate(resolve));
      const read = paths.splice(0);
      return ofTables(read).length;
    };
    paths.length = 0;
    expect(await refresh()).to.equal(0);
    setVersion('2');
    expect(await refresh()).to.be.greaterThan(0);
  });

  it('compares the version of a table that was stored before the clock was put back by a day', async () => {
    const { read, paths } = createReader();
    const ahead = createFakeClock(Date.UTC(2026, 0, 2));
    const { store, service } = createService(read, createMemoryStore(), ahead);
    await service.getTable('account');
    paths.length = 0;
    await createService(read, store).service.getTable('account');
    await new Promise((resolve) => setImmediate(resolve));
    expect(paths.some((path) => path.startsWith('/organizations'))).to.equal(true);
  });

  it('compares the version on request, and reads again what has changed, also from the store', async () => {
    const { read, paths, setVersion } = createVersionedReader();
    const { service, store } = createService(read);
    await service.getTable('account');
    paths.length = 0;
    expect(await service.revalidate!()).to.equal(false);
    await service.getTable('account');
    expect(ofTables(paths)).to.deep.equal([]);
    setVersion('2');
    expect(await service.revalidate!()).to.equal(true);
    await service.getTable('account');
    expect(ofTables(paths)).to.not.deep.equal([]);
    setVersion('3');
    const restarted = createService(read, store).service;
    await restarted.getTable('account');
    paths.length = 0;
    expect(await restarted.revalidate!()).to.equal(true);
    await restarted.getTable('account');
    expect(ofTables(paths)).to.not.deep.equal([]);
  });

  it('shares nothing through the store for a caller who is not known', async () => {
    const { read } = createReader();
    const store = createMemoryStore();
    const options = { read, store, clock: createFakeClock(), origin };
    await createMetadataService({ ...options, caller: async () => undefined }).getTable('account');
    expect(await store.keys('')).to.deep.equal([]);
  });

  it('keeps a table if its refresh fails', async () => {
    const { read } = createReader();
    let broken = false;
    const { service, clock } = createService(async (path) =>
      broken ? Promise.reject(new Error('down')) : await read(path),
    );
    const known = await service.getTable('account');
    broken = true;
    await clock.sleep(24 * 60 * 60 * 1000);
    expect(await service.getTable('account')).to.deep.equal(known);
  });

  it('lists the names of all tables', async () => {
    const { service } = createService(createReader().read);
    const names = await service.listTables();
    expect(names).to.deep.include({
      name: 'incident',
      entitySet: 'incidents',
      title: 'Case',
      plural: 'Cases',
    });
  });
});
