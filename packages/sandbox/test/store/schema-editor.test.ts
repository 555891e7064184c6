import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Attribute } from '../../src/model/types.ts';
import { catchDataverseError, createStoreFixture, type StoreFixture } from './fixture.ts';

const column = (logicalName: string, rest: Partial<Attribute>): Attribute => ({
  ...{ logicalName, schemaName: logicalName, displayName: logicalName, type: 'String', required: 'None' },
  ...{ validForCreate: true, validForUpdate: true },
  ...rest,
});

const exampleKey = (fixture: StoreFixture) => {
  fixture.store.addTable({
    logicalName: 'new_example',
    set: 'new_examples',
    changeTracking: true,
    attributes: [column('new_number', { type: 'Integer' })],
  });
  fixture.store.addColumn('new_example', column('new_code', { maxLength: 20 }));
  fixture.store.addColumn(
    'new_example',
    column('new_accountid', { type: 'Lookup', targets: [{ table: 'account', navigation: 'new_AccountId' }] }),
  );
  fixture.store.addOneToMany({
    ...{ name: 'new_account_example', referenced: 'account', collection: 'new_account_example' },
    ...{ referencing: 'new_example', attribute: 'new_accountid' },
  });
  fixture.store.addKey('new_example', 'new_codekey', ['new_code', 'new_number']);
};

describe('SchemaEditor: custom tables', () => {
  let fixture: StoreFixture;
  beforeEach(() => {
    fixture = createStoreFixture();
    exampleKey(fixture);
  });
  afterEach(() => fixture.store.close());

  it('have owner, state, version and relationships', () => {
    const account = fixture.add('account', { name: 'Works' });
    const row = fixture.add('new_example', { new_name: 'one', new_code: 'X', new_accountid: account });
    expect(fixture.store.read(row.table, row.id)!.values).to.deep.include({
      ...{ new_name: 'one', statecode: 0, statuscode: 1, ownerid: fixture.user, new_number: null },
    });
    const filter = "new_account_example/any(e:e/new_AccountId/name eq 'works')";
    expect(fixture.find('account', { filter })).to.have.length(1);
    expect(fixture.store.changesSince('new_example', { since: '0' }).entries).to.have.length(1);
    expect(fixture.store.model.tableBySet('new_examples')!.logicalName).to.equal('new_example');
  });

  it('find rows by an alternate key and reject duplicate values', () => {
    const row = fixture.add('new_example', { new_code: 'Élan', new_number: 7 });
    expect(fixture.store.readByKey('new_example', { new_number: 7, new_code: 'ELAN' })!.id).to.equal(row.id);
    expect(fixture.store.readByKey('new_example', { new_number: 8, new_code: 'Élan' })).to.equal(undefined);
    const error = catchDataverseError(() => fixture.add('new_example', { new_code: 'élan', new_number: 7 }));
    expect(error).to.include({ code: '0x80060892', status: 412 });
    const other = fixture.add('new_example', { new_code: 'élan', new_number: 8 });
    const change = { ...other, values: { new_number: 7 }, actor: fixture.actor };
    expect(catchDataverseError(() => fixture.store.update(change)).code).to.equal('0x80060892');
  });

  it('reject columns that are not a key', () => {
    const error = catchDataverseError(() => fixture.store.readByKey('new_example', { new_code: 'x' }));
    expect(error.message).to.contain('The key in the request URI is not valid');
    expect(catchDataverseError(() => fixture.store.readByKey('account', { name: 'x' })).code).to.equal(
      '0x80060888',
    );
    const misfit = () => fixture.store.readByKey('new_example', { new_code: 'x', new_number: 'seven' });
    expect(catchDataverseError(misfit).status).to.equal(400);
  });

  it('reject taken names, invalid names and keys on unknown columns', () => {
    const { store } = fixture;
    expect(catchDataverseError(() => store.addTable({ logicalName: 'account' })).status).to.equal(400);
    expect(
      catchDataverseError(() => store.addTable({ logicalName: 'x"; DROP TABLE account; --' })).status,
    ).to.equal(400);
    expect(catchDataverseError(() => store.addColumn('account', column('name', {}))).status).to.equal(400);
    expect(catchDataverseError(() => store.addKey('account', 'new_key', ['nope'])).status).to.equal(400);
    expect(catchDataverseError(() => store.addKey('nope', 'new_key', ['name'])).status).to.equal(400);
  });
});

describe('openOrganizationStore with a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-store-'));
  after(() => rmSync(folder, { recursive: true }));

  it('restores rows, custom tables, keys and the version counter', () => {
    const file = join(folder, 'org.db');
    const first = createStoreFixture(file);
    exampleKey(first);
    const row = first.add('new_example', { new_code: 'X', new_number: 1 });
    first.store.delete('account', first.add('account', { name: 'gone' }).id);
    const version = first.store.currentVersion();
    first.store.close();

    const second = createStoreFixture(file);
    expect(second.store.readByKey('new_example', { new_code: 'x', new_number: 1 })!.id).to.equal(row.id);
    expect(second.store.currentVersion()).to.equal(version);
    second.add('new_example', { new_code: 'Y', new_number: 1 });
    expect(BigInt(second.store.currentVersion()) > BigInt(version)).to.equal(true);
    second.store.close();
  });
});
