import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Attribute } from '../../src/model/types.ts';
import { createWorld, refusalOf, type World } from './world.ts';

const column = (logicalName: string, rest: Partial<Attribute>): Attribute => ({
  ...{ logicalName, schemaName: logicalName, displayName: logicalName, type: 'String', required: 'None' },
  ...{ validForCreate: true, validForUpdate: true },
  ...rest,
});

const exampleKey = (world: World) => {
  world.store.addTable({
    logicalName: 'new_example',
    set: 'new_examples',
    changeTracking: true,
    attributes: [column('new_number', { type: 'Integer' })],
  });
  world.store.addColumn('new_example', column('new_code', { maxLength: 20 }));
  world.store.addColumn(
    'new_example',
    column('new_accountid', { type: 'Lookup', targets: [{ table: 'account', navigation: 'new_AccountId' }] }),
  );
  world.store.addOneToMany({
    ...{ name: 'new_account_example', referenced: 'account', collection: 'new_account_example' },
    ...{ referencing: 'new_example', attribute: 'new_accountid' },
  });
  world.store.addKey('new_example', 'new_codekey', ['new_code', 'new_number']);
};

describe('a table that a maker adds', () => {
  let world: World;
  beforeEach(() => {
    world = createWorld();
    exampleKey(world);
  });
  afterEach(() => world.store.close());

  it('works like any other, with owner, state, version and relationships', () => {
    const account = world.add('account', { name: 'Works' });
    const row = world.add('new_example', { new_name: 'one', new_code: 'X', new_accountid: account });
    expect(world.store.read(row.table, row.id)!.values).to.deep.include({
      ...{ new_name: 'one', statecode: 0, statuscode: 1, ownerid: world.user, new_number: null },
    });
    const filter = "new_account_example/any(e:e/new_AccountId/name eq 'works')";
    expect(world.find('account', { filter })).to.have.length(1);
    expect(world.store.changesSince('new_example', { since: '0' }).entries).to.have.length(1);
    expect(world.store.model.bySet('new_examples')!.logicalName).to.equal('new_example');
  });

  it('is found by its alternate key, which allows each pair of values once', () => {
    const row = world.add('new_example', { new_code: 'Élan', new_number: 7 });
    expect(world.store.readByKey('new_example', { new_number: 7, new_code: 'ELAN' })!.id).to.equal(row.id);
    expect(world.store.readByKey('new_example', { new_number: 8, new_code: 'Élan' })).to.equal(undefined);
    const refusal = refusalOf(() => world.add('new_example', { new_code: 'élan', new_number: 7 }));
    expect(refusal).to.include({ code: '0x80060892', status: 412 });
    const other = world.add('new_example', { new_code: 'élan', new_number: 8 });
    const change = { ...other, values: { new_number: 7 }, actor: world.actor };
    expect(refusalOf(() => world.store.update(change)).code).to.equal('0x80060892');
  });

  it('refuses keys that it does not have', () => {
    const refusal = refusalOf(() => world.store.readByKey('new_example', { new_code: 'x' }));
    expect(refusal.message).to.contain('The key in the request URI is not valid');
    expect(refusalOf(() => world.store.readByKey('account', { name: 'x' })).code).to.equal('0x80060888');
    const misfit = () => world.store.readByKey('new_example', { new_code: 'x', new_number: 'seven' });
    expect(refusalOf(misfit).status).to.equal(400);
  });

  it('refuses names that are taken or no names, and keys on columns that there are not', () => {
    const { store } = world;
    expect(refusalOf(() => store.addTable({ logicalName: 'account' })).status).to.equal(400);
    expect(refusalOf(() => store.addTable({ logicalName: 'x"; DROP TABLE account; --' })).status).to.equal(
      400,
    );
    expect(refusalOf(() => store.addColumn('account', column('name', {}))).status).to.equal(400);
    expect(refusalOf(() => store.addKey('account', 'new_key', ['nope'])).status).to.equal(400);
    expect(refusalOf(() => store.addKey('nope', 'new_key', ['name'])).status).to.equal(400);
  });
});

describe('a store in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-store-'));
  after(() => rmSync(folder, { recursive: true }));

  it('opens with its rows, its own tables and keys, and counts versions on', () => {
    const file = join(folder, 'org.db');
    const first = createWorld(file);
    exampleKey(first);
    const row = first.add('new_example', { new_code: 'X', new_number: 1 });
    first.store.delete('account', first.add('account', { name: 'gone' }).id);
    const version = first.store.currentVersion();
    first.store.close();

    const second = createWorld(file);
    expect(second.store.readByKey('new_example', { new_code: 'x', new_number: 1 })!.id).to.equal(row.id);
    expect(second.store.currentVersion()).to.equal(version);
    second.add('new_example', { new_code: 'Y', new_number: 1 });
    expect(BigInt(second.store.currentVersion()) > BigInt(version)).to.equal(true);
    second.store.close();
  });
});
