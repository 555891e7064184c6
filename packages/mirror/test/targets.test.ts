import { expect } from 'chai';
import type { ConnectorError, JsonObject, MetadataTable } from 'dynamics365-connector';
import { forgetRow } from '../src/forget-row.ts';
import { planTable } from '../src/plan/plan-table.ts';
import type { TableState } from '../src/table/table-state.ts';
import { TableStore } from '../src/table/table-store.ts';
import { takeLease } from '../src/target/lease.ts';
import type { MirrorTarget } from '../src/target/target.ts';
import { openTestTarget } from './support/open-test-target.ts';

const id = '1f3d0c7a-5b1e-4c39-9d55-0a3c1c5d7e90';
const table: MetadataTable = {
  ...{
    name: 'new_parcel',
    entitySet: 'new_parcels',
    title: 'Parcel',
    plural: 'Parcels',
    key: 'new_parcelid',
  },
  columns: [
    { name: 'new_parcelid', title: 'Id', type: 'uuid' },
    { name: 'versionnumber', title: 'Version', type: 'bigint' },
    { name: 'modifiedon', title: 'Modified', type: 'date-time' },
    { name: 'new_weight', title: 'Weight', type: 'decimal' },
    { name: 'new_size', title: 'Size', type: 'choice', choices: [{ value: 1, label: "Small's" }] },
    {
      name: 'new_colors',
      title: 'Colors',
      type: 'choices',
      choices: [
        { value: 1, label: 'Red' },
        { value: 12, label: 'Blue' },
      ],
    },
    {
      name: 'new_fragile',
      title: 'Fragile',
      type: 'boolean',
      choices: [
        { value: 0, label: 'No' },
        { value: 1, label: 'Yes' },
      ],
    },
    { name: 'new_customer', title: 'Customer', type: 'lookup', targets: ['account', 'contact'] },
    { name: 'new_text', title: 'Text', type: 'string' },
  ],
  navigations: [],
  alternateKeys: [],
};
const row = {
  new_parcelid: id.toUpperCase(),
  versionnumber: '9007199254740993',
  modifiedon: '2026-01-15T09:00:00Z',
  new_weight: '123456789012345.6789',
  new_size: 1,
  new_colors: '1,12',
  new_fragile: true,
  _new_customer_value: id,
  '_new_customer_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'contact',
  new_text: 'a \u0000 b \ud800',
};
const state: TableState = {
  ...{ load: 1, phase: 'follow', loaded: 0, newestRead: 0n, readAtMs: 0, windowReadAtMs: 0 },
  ...{ checkedAtMs: 0, restores: 0, cursor: { readFromMs: 0, newSinceMs: 0 } },
};

describe('mirror: SQLite', () => {
  let target: MirrorTarget;
  beforeEach(async () => {
    target = await openTestTarget();
  });
  afterEach(async () => await target.close());
  const openStore = async (
    metadata: MetadataTable = table,
    deletes: 'apply' | 'keep' = 'apply',
    next?: TableState,
  ) => {
    const lease = await takeLease(target, 'owner');
    const plan = planTable(metadata, { deletes }, undefined);
    const store = new TableStore(plan, { target, lease, now: () => 0 });
    const changes = await store.prepare(() => next);
    await store.createView();
    return { store, changes };
  };
  const only = async (sql: string) => (await target.query<JsonObject>(sql))[0];

  it('stores every digit of decimals and 64-bit numbers, and the table of a lookup', async () => {
    const { store } = await openStore();
    await store.write({ state, rows: [row] });
    const names =
      'new_parcelid, new_weight, new_customer_table, new_text, new_size_label, new_colors_label, new_fragile_label';
    const found = await only(
      `SELECT ${names}, CAST(versionnumber AS TEXT) AS version FROM new_parcel_labeled`,
    );
    expect({ ...found }).to.deep.equal({
      new_parcelid: id,
      new_weight: '123456789012345.6789',
      new_customer_table: 'contact',
      new_text: 'a  b \ufffd',
      new_size_label: "Small's",
      new_colors_label: 'Red; Blue',
      new_fragile_label: 'Yes',
      version: '9007199254740993',
    });
  });

  it('keeps deleted rows with the time of their deletion if mirror.yaml says so', async () => {
    const { store } = await openStore(table, 'keep');
    await store.write({ state, rows: [row] });
    await store.write({ state, deleted: [id] });
    expect(await store.countRows()).to.equal(0);
    expect(await only('SELECT _deleted_at FROM new_parcel')).to.include({
      _deleted_at: '1970-01-01T00:00:00.000Z',
    });
    expect(await only('SELECT count(*) AS n FROM new_parcel_labeled')).to.include({ n: 0 });
    await store.write({ state, rows: [row] });
    expect(await store.countRows()).to.equal(1);
  });

  it('removes rows that were deleted longer ago than mirror.yaml says', async () => {
    const { store } = await openStore(table, 'keep');
    await store.write({ state, rows: [row] });
    await store.write({ state, deleted: [id] });
    await store.removeDeleted(0);
    expect(await only('SELECT count(*) AS n FROM new_parcel')).to.include({ n: 1 });
    await store.removeDeleted(-1);
    expect(await only('SELECT count(*) AS n FROM new_parcel')).to.include({ n: 0 });
    await store.write({ state, rows: [row] });
    await store.removeDeleted(-1);
    expect(await store.countRows()).to.equal(1);
  });

  it('a column whose type has changed becomes a new one, and a column that is gone keeps its cells', async () => {
    const { store } = await openStore();
    await store.write({ state, rows: [row] });
    const columns = table.columns
      .filter(({ name }) => name !== 'new_size')
      .map((column) => (column.name === 'new_weight' ? { ...column, type: 'integer' as const } : column));
    const { changes, store: changed } = await openStore({ ...table, columns });
    expect(changes).to.deep.include({ added: ['new_weight__2'] });
    expect(changes.gone).to.have.members(['new_weight', 'new_size']);
    await changed.write({ state: { ...state, load: 2 }, rows: [{ ...row, new_weight: 7 }] });
    expect(await only('SELECT new_weight, new_weight__2, new_size FROM new_parcel')).to.include({
      new_weight: '123456789012345.6789',
      new_weight__2: 7,
      new_size: 1,
    });
    expect(await changed.damaged(2)).to.deep.equal([]);
  });

  it('a column or a table that was dropped in the target is made again, and all rows are read again', async () => {
    const { store } = await openStore();
    await store.write({ state, rows: [row] });
    await target.query('DROP VIEW new_parcel_labeled');
    await target.query('ALTER TABLE new_parcel DROP COLUMN new_text');
    const { changes, store: second } = await openStore(table, 'apply', { ...state, load: 2 });
    expect(changes).to.deep.include({ added: ['new_text'], gone: [] });
    expect(await second.loadState()).to.include({ load: 2 });
    await target.query('DROP VIEW new_parcel_labeled');
    await target.query('DROP TABLE new_parcel');
    const { store: third } = await openStore(table, 'apply', { ...state, load: 3 });
    expect(await third.loadState()).to.include({ load: 3 });
    await third.write({ state: { ...state, load: 3 }, rows: [row] });
    expect(await only('SELECT new_text FROM new_parcel_labeled')).to.include({ new_text: 'a  b \ufffd' });
  });

  it('refuses a table of the target that no mirror made', async () => {
    await target.query('CREATE TABLE new_parcel (id TEXT, weight TEXT)');
    const error = (await openStore().catch((thrown) => thrown)) as ConnectorError;
    expect(error).to.include({ code: 'SETTING_INVALID' });
    expect(error.message).to.include('"new_parcel" that no mirror made');
    expect(await target.query("SELECT name FROM pragma_table_info('new_parcel')")).to.have.lengthOf(2);
  });

  it('keeps the text of a label as it is, also one that looks like a parameter', async () => {
    const columns = table.columns.map((column) =>
      column.name === 'new_size'
        ? { ...column, choices: [{ value: 1, label: `$1 to $100 'or' "more"` }] }
        : column,
    );
    const { store } = await openStore({ ...table, columns });
    await store.write({ state, rows: [row] });
    expect(await only('SELECT new_size_label FROM new_parcel_labeled')).to.include({
      new_size_label: `$1 to $100 'or' "more"`,
    });
  });

  it('stores and compares a table with as many columns as Dataverse allows', async () => {
    const more = Array.from({ length: 1000 }, (_, at) => ({
      ...{ name: `new_column${at}`, title: `Column ${at}`, type: 'string' as const },
    }));
    const { store } = await openStore({ ...table, columns: [...table.columns, ...more] });
    await store.write({ state, rows: [{ ...row, new_column999: 'last' }] });
    expect(await only('SELECT new_column999 AS last FROM new_parcel_labeled')).to.include({ last: 'last' });
    expect(await store.damaged(1)).to.deep.equal([]);
    expect(await store.differing([{ ...row, new_column999: 'other' }])).to.deep.equal([id]);
  });

  it('removes the rows that were kept as deleted when mirror.yaml says so no more', async () => {
    const { store } = await openStore(table, 'keep');
    await store.write({ state, rows: [row] });
    await store.write({ state, deleted: [id] });
    await openStore(table, 'keep');
    expect(await only('SELECT count(*) AS n FROM new_parcel')).to.include({ n: 1 });
    await openStore(table, 'apply');
    expect(await only('SELECT count(*) AS n FROM new_parcel')).to.include({ n: 0 });
  });

  it('finds a cell that was changed in the target', async () => {
    const { store } = await openStore();
    await store.write({ state, rows: [row] });
    expect(await store.damaged(1)).to.deep.equal([]);
    await target.query(`UPDATE new_parcel SET new_text = 'other'`);
    expect(await store.damaged(1)).to.deep.equal([id]);
    expect(await store.differing([row])).to.deep.equal([id]);
  });

  it('forgets a row, also one that is kept as deleted', async () => {
    const { store } = await openStore(table, 'keep');
    await store.write({ state, rows: [row], seen: [id] });
    await store.write({ state, deleted: [id] });
    expect(await forgetRow(target, { table: 'new_parcel', id })).to.equal(true);
    expect(await only('SELECT count(*) AS n FROM new_parcel')).to.include({ n: 0 });
    expect(await store.lastDeleted()).to.deep.equal([]);
    expect(await forgetRow(target, { table: 'new_parcel', id })).to.equal(false);
    expect(await forgetRow(target, { table: 'account', id })).to.equal(false);
  });

  it('a process whose place was taken by another one cannot write any more', async () => {
    const { store } = await openStore();
    await target.query(`UPDATE d365_mirror SET owner = 'other'`);
    const error = (await store.write({ state, rows: [row] }).catch((thrown) => thrown)) as ConnectorError;
    expect(error.code).to.equal('SETTING_INVALID');
    expect(await store.countRows()).to.equal(0);
  });

  it('a second mirror ends with an error that names the first one, while that is alive', async () => {
    await takeLease(target, 'first');
    await target.query(`UPDATE d365_mirror SET owner_name = 'other-host/1'`);
    const error = (await takeLease(target, 'second').catch((thrown) => thrown)) as ConnectorError;
    expect(error.message).to.include('other-host/1');
    await target.query(`UPDATE d365_mirror SET until_ms = 1`);
    await takeLease(target, 'second');
  });
});
