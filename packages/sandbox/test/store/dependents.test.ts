import { expect } from 'chai';
import type { Attribute } from '../../src/model/types.ts';
import type { EntityReference } from '../../src/store/types.ts';
import { createStoreFixture, type StoreFixture } from './fixture.ts';

describe('OrganizationStore.dependentsOf', () => {
  let fixture: StoreFixture;
  beforeEach(() => {
    fixture = createStoreFixture();
  });
  afterEach(() => fixture.store.close());

  const deletedWith = ({ table, id }: EntityReference): readonly EntityReference[] =>
    fixture.store.dependentsOf(table, id).flatMap(({ row, cleared }) => (cleared === undefined ? [row] : []));

  it('names a row once that the deletion reaches through two lookups, as the change log does', () => {
    const customerid = fixture.add('account', { name: 'Contoso' });
    const parentcaseid = fixture.add('incident', { title: 'Parent', customerid });
    const child = fixture.add('incident', { title: 'Child', customerid, parentcaseid });
    const objectid = child;
    const note = fixture.add('annotation', { subject: 'Note', objectid });
    expect(deletedWith(customerid)).to.have.deep.members([parentcaseid, child, note]);
    const since = fixture.store.currentVersion();
    fixture.store.delete(customerid.table, customerid.id);
    const changes = fixture.store.changesSince('incident', { since }).entries;
    expect(changes.map((each) => each.kind === 'deleted' && each.id)).to.have.members([
      parentcaseid.id,
      child.id,
    ]);
  });

  it('names the rows of a ring once, without the row itself', () => {
    const parent: Attribute = {
      ...{ logicalName: 'new_parentid', schemaName: 'new_ParentId', displayName: 'Parent', type: 'Lookup' },
      ...{ required: 'None', validForCreate: true, validForUpdate: true },
      targets: [{ table: 'new_part', navigation: 'new_ParentId' }],
    };
    fixture.store.addTable({ logicalName: 'new_part', set: 'new_parts', attributes: [] });
    fixture.store.addColumn('new_part', parent);
    fixture.store.addOneToMany({
      ...{ name: 'new_part_part', referenced: 'new_part', collection: 'new_part_part' },
      ...{ referencing: 'new_part', attribute: 'new_parentid', onDelete: 'cascade' },
    });
    const first = fixture.add('new_part', { new_name: '1' });
    const second = fixture.add('new_part', { new_name: '2', new_parentid: first });
    const third = fixture.add('new_part', { new_name: '3', new_parentid: second });
    const { actor, store } = fixture;
    store.update({ ...first, values: { new_parentid: third }, actor });
    expect(deletedWith(first)).to.have.deep.members([second, third]);
    store.delete(first.table, first.id);
    expect(store.count('new_part')).to.equal(0);
  });
});
