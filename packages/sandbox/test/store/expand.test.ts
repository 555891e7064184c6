import { expect } from 'chai';
import type { StoredRow } from '../../src/store/types.ts';
import { catchDataverseError, createStoreFixture, type StoreFixture } from './fixture.ts';

describe('expanding in the sandbox', () => {
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

  it('gives the row of a lookup, null where it is empty or points at another table', () => {
    const [first, second] = expanded('incident', 'customerid_account($select=name),customerid_contact');
    expect((first!.customerid_account as StoredRow).values.name).to.equal('Works');
    expect(first!.customerid_contact).to.equal(null);
    expect(second!.customerid_account).to.equal(null);
    expect((second!.customerid_contact as StoredRow).values.lastname).to.equal('Boss');
  });

  it('gives collections, filtered, ordered and cut for each row by itself', () => {
    const [works, empty] = expanded('account', 'Account_Tasks($select=subject;$orderby=subject desc;$top=2)');
    expect(names(works!.Account_Tasks)).to.deep.equal(['c', 'b']);
    expect(empty!.Account_Tasks).to.deep.equal([]);
    const [filtered] = expanded('account', "Account_Tasks($filter=subject ne 'b';$orderby=subject)");
    expect(names(filtered!.Account_Tasks)).to.deep.equal(['a', 'c']);
  });

  it('gives many-to-many collections from both ends', () => {
    expect(
      names(expanded('systemuser', 'teammembership_association')[0]!.teammembership_association),
    ).to.deep.equal(['Night']);
    const [members] = expanded('team', 'teammembership_association($select=fullname)');
    expect((members!.teammembership_association as readonly StoredRow[])[0]!.values.fullname).to.equal(
      'Ada Byron',
    );
  });

  it('expands inside what it expanded', () => {
    const nested = 'customerid_account($select=name;$expand=primarycontactid($select=lastname))';
    const account = expanded('incident', nested)[0]!.customerid_account as StoredRow;
    expect((account.expanded!.primarycontactid as StoredRow).values.lastname).to.equal('Boss');
  });

  it('gives owners as what they are', () => {
    const owner = expanded('incident', 'ownerid')[0]!.ownerid as StoredRow;
    expect(owner).to.include({ table: 'systemuser', id: fixture.user.id });
  });

  it('gives only references on request, of lookups', () => {
    const [first] = expanded('incident', 'customerid_account/$ref');
    expect((first!.customerid_account as StoredRow).values).to.have.keys('accountid', 'versionnumber');
    const refusal = catchDataverseError(() => expanded('account', 'Account_Tasks/$ref'));
    expect(refusal.message).to.equal(
      'Expand with $ref is only supported on lookup type navigation property.',
    );
  });

  it('refuses names that it does not know', () => {
    expect(catchDataverseError(() => expanded('account', 'Nope')).message).to.contain(
      "property named 'Nope'",
    );
    expect(catchDataverseError(() => expanded('account', 'Account_Tasks($select=nope)')).message).to.contain(
      "'nope' on type 'Microsoft.Dynamics.CRM.task'",
    );
  });

  it('lists the rows reached from one row', () => {
    const account = fixture.find('account', { filter: "name eq 'works'" })[0]!;
    const within = { table: 'account', id: account.id, navigation: 'Account_Tasks' };
    expect(
      fixture.find('task', { orderBy: 'subject' }, { relatedTo: within }).map(({ values }) => values.subject),
    ).to.deep.equal(['a', 'b', 'c']);
    expect(fixture.store.count('task', { relatedTo: within, actor: fixture.actor })).to.equal(3);
    expect(catchDataverseError(() => fixture.find('email', {}, { relatedTo: within })).status).to.equal(400);
  });
});
