import { expect } from 'chai';
import type { StoredRow } from '../../src/store/types.ts';
import { catchDataverseError, createStoreFixture, type StoreFixture } from './fixture.ts';

describe('store: expand', () => {
  let fixture: StoreFixture;
  const expanded = (table: string, expand: string) =>
    fixture.find(table, { expand }, { select: [] }).map((row) => row.expanded!);
  const names = (rows: unknown) =>
    (rows as readonly StoredRow[]).map(({ values }) => values.subject ?? values.name);

  before(() => {
    fixture = createStoreFixture();
    const { add, store } = fixture;
    const works = add('account', { name: 'Works' });
    const boss = add('contact', { lastname: 'Boss', parentcustomerid: works });
    store.update({ ...works, values: { primarycontactid: boss }, actor: fixture.actor });
    add('account', { name: 'Empty' });
    add('incident', { title: 'one', customerid: works });
    add('incident', { title: 'two', customerid: boss });
    for (const subject of ['c', 'a', 'b']) add('task', { subject, regardingobjectid: works });
    const team = add('team', { name: 'Night', businessunitid: fixture.businessUnit });
    store.associate({ navigation: 'teammembership_association', near: team, far: fixture.user });
  });
  after(() => fixture.store.close());

  it('expands a lookup; null if it is empty or references another table', () => {
    const [first, second] = expanded('incident', 'customerid_account($select=name),customerid_contact');
    expect((first!.customerid_account as StoredRow).values.name).to.equal('Works');
    expect(first!.customerid_contact).to.equal(null);
    expect(second!.customerid_account).to.equal(null);
    expect((second!.customerid_contact as StoredRow).values.lastname).to.equal('Boss');
  });

  it('filters, orders and limits a collection for each row', () => {
    const [works, empty] = expanded('account', 'Account_Tasks($select=subject;$orderby=subject desc;$top=2)');
    expect(names(works!.Account_Tasks)).to.deep.equal(['c', 'b']);
    expect(empty!.Account_Tasks).to.deep.equal([]);
    const [filtered] = expanded('account', "Account_Tasks($filter=subject ne 'b';$orderby=subject)");
    expect(names(filtered!.Account_Tasks)).to.deep.equal(['a', 'c']);
  });

  it('expands many-to-many collections from both ends', () => {
    expect(
      names(expanded('systemuser', 'teammembership_association')[0]!.teammembership_association),
    ).to.deep.equal(['Night']);
    const [members] = expanded('team', 'teammembership_association($select=fullname)');
    expect((members!.teammembership_association as readonly StoredRow[])[0]!.values.fullname).to.equal(
      'Ada Byron',
    );
  });

  it('expands nested items', () => {
    const nested = 'customerid_account($select=name;$expand=primarycontactid($select=lastname))';
    const account = expanded('incident', nested)[0]!.customerid_account as StoredRow;
    expect((account.expanded!.primarycontactid as StoredRow).values.lastname).to.equal('Boss');
  });

  it('expands owners as users or teams', () => {
    const owner = expanded('incident', 'ownerid')[0]!.ownerid as StoredRow;
    expect(owner).to.include({ table: 'systemuser', id: fixture.user.id });
  });

  it('expands $ref of lookups only', () => {
    const [first] = expanded('incident', 'customerid_account/$ref');
    expect((first!.customerid_account as StoredRow).values).to.have.keys('accountid', 'versionnumber');
    const error = catchDataverseError(() => expanded('account', 'Account_Tasks/$ref'));
    expect(error.message).to.equal('Expand with $ref is only supported on lookup type navigation property.');
  });

  it('rejects unknown navigation properties', () => {
    expect(catchDataverseError(() => expanded('account', 'Nope')).message).to.contain(
      "property named 'Nope'",
    );
    expect(catchDataverseError(() => expanded('account', 'Account_Tasks($select=nope)')).message).to.contain(
      "'nope' on type 'Microsoft.Dynamics.CRM.task'",
    );
  });

  it('lists the collection of one row', () => {
    const account = fixture.find('account', { filter: "name eq 'works'" })[0]!;
    const within = { table: 'account', id: account.id, navigation: 'Account_Tasks' };
    expect(
      fixture.find('task', { orderBy: 'subject' }, { relatedTo: within }).map(({ values }) => values.subject),
    ).to.deep.equal(['a', 'b', 'c']);
    expect(fixture.store.count('task', { relatedTo: within, actor: fixture.actor })).to.equal(3);
    expect(catchDataverseError(() => fixture.find('email', {}, { relatedTo: within })).status).to.equal(400);
  });
});
