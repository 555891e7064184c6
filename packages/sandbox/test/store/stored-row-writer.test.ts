import { expect } from 'chai';
import fc from 'fast-check';
import type { ColumnValues } from '../../src/store/types.ts';
import { catchDataverseError, createStoreFixture, type StoreFixture } from './fixture.ts';

const someId = '99999999-0000-4000-8000-000000000000';

describe('store: rows', () => {
  let fixture: StoreFixture;
  const read = (row: { table: string; id: string }): ColumnValues =>
    fixture.store.read(row.table, row.id)!.values;
  beforeEach(() => {
    fixture = createStoreFixture();
  });
  afterEach(() => fixture.store.close());

  it('get times, users, owner, business unit, state and default values on insert', () => {
    const customerid = fixture.add('account', { name: 'Works' });
    const values = read(fixture.add('incident', { title: 'Broken', customerid }));
    expect(values).to.deep.include({
      createdon: '2024-05-15T10:30:00Z',
      modifiedon: '2024-05-15T10:30:00Z',
      createdby: fixture.user,
      modifiedby: fixture.user,
      ownerid: fixture.user,
      owninguser: fixture.user,
      owningteam: null,
      owningbusinessunit: fixture.businessUnit,
      statecode: 0,
      statuscode: 1,
      prioritycode: 2,
      isescalated: false,
      overriddencreatedon: null,
    });
    expect(values.ticketnumber).to.match(/^CAS-01000-[A-Z]\d[A-Z]\d[A-Z]\d$/);
  });

  it('complete a state with its status reason and the reverse', () => {
    const customerid = fixture.add('account', { name: 'Works' });
    const row = fixture.add('incident', { title: 'Broken', customerid });
    const change = (values: ColumnValues) => {
      fixture.store.update({ ...row, values, actor: fixture.actor });
      const { statecode, statuscode } = read(row);
      return [statecode, statuscode];
    };
    expect(change({ statecode: 1 })).to.deep.equal([1, 5]);
    expect(change({ statuscode: 3 })).to.deep.equal([0, 3]);
    expect(change({ title: 'Still broken' })).to.deep.equal([0, 3]);
    expect(change({ statecode: 2, statuscode: 2000 })).to.deep.equal([2, 2000]);
  });

  it('keep an overridden createdon and the real time', () => {
    const row = fixture.add('account', { name: 'Old', overriddencreatedon: '2001-02-03T04:05:06Z' });
    expect(read(row)).to.include({
      createdon: '2001-02-03T04:05:06Z',
      overriddencreatedon: '2024-05-15T10:30:00Z',
      modifiedon: '2024-05-15T10:30:00Z',
    });
  });

  it('compute the full name', () => {
    const row = fixture.add('contact', { firstname: 'Ada', lastname: 'Byron' });
    fixture.store.update({ ...row, values: { lastname: 'Lovelace' }, actor: fixture.actor });
    expect(read(row).fullname).to.equal('Ada Lovelace');
  });

  it('keep exact amounts and get a currency', () => {
    const currency = fixture.add('transactioncurrency', { currencyname: 'Euro', exchangerate: '1' });
    fixture.add('organization', { name: 'Org', basecurrencyid: currency });
    const row = fixture.add('account', { name: 'Rich', revenue: '922337203685477.5807' });
    expect(read(row)).to.deep.include({
      revenue: '922337203685477.5807',
      revenue_base: '922337203685477.5807',
      transactioncurrencyid: currency,
      exchangerate: '1.000000000000',
    });
    fixture.store.update({ ...row, values: { revenue: null }, actor: fixture.actor });
    expect(read(row)).to.include({ revenue: null, revenue_base: null });
  });

  it('return decimals with the scale of their column', () => {
    const digits = fc.tuple(fc.bigInt(-(10n ** 14n), 10n ** 14n), fc.integer({ min: 0, max: 9999 }));
    fc.assert(
      fc.property(digits, ([whole, fraction]) => {
        const text = `${whole}.${`${fraction}`.padStart(4, '0')}`;
        const row = fixture.add('account', { revenue: text });
        expect(read(row).revenue).to.equal(whole === 0n && fraction === 0 ? '0.0000' : text);
        expect(
          fixture.find('account', { filter: `accountid eq ${row.id} and revenue eq ${text}` }),
        ).to.have.length(1);
      }),
      { numRuns: 100 },
    );
  });

  it('change the business unit with the owner', () => {
    const unit = fixture.add('businessunit', { name: 'Other' });
    const team = fixture.add('team', { name: 'Team', businessunitid: unit });
    const row = fixture.add('account', { name: 'x' });
    fixture.store.update({ ...row, values: { ownerid: team }, actor: fixture.actor });
    expect(read(row)).to.deep.include({
      ...{ ownerid: team, owningteam: team, owninguser: null, owningbusinessunit: unit },
    });
  });

  it('update modifiedon and cut fractions of a second off', () => {
    const row = fixture.add('task', { subject: 'x' });
    fixture.clock.ms += 90_999;
    fixture.store.update({
      ...row,
      values: { scheduledend: '2024-06-01T12:00:00.999+02:00' },
      actor: fixture.actor,
    });
    expect(read(row)).to.include({
      ...{ createdon: '2024-05-15T10:30:00Z', modifiedon: '2024-05-15T10:31:30Z' },
      scheduledend: '2024-06-01T10:00:00Z',
    });
  });

  it('can be written at another time', () => {
    const row = fixture.store.withTime(Date.UTC(2020, 0, 1), () => fixture.add('account', { name: 'x' }));
    expect(read(row).createdon).to.equal('2020-01-01T00:00:00Z');
    expect(read(fixture.add('account', { name: 'y' })).createdon).to.equal('2024-05-15T10:30:00Z');
  });

  it('reject a taken id', () => {
    fixture.add('account', { accountid: someId, name: 'x' });
    const error = catchDataverseError(() =>
      fixture.add('account', { accountid: someId.toUpperCase(), name: 'y' }),
    );
    expect(error).to.include({ code: '0x80040237', status: 412 });
  });

  it('reject a lookup to a missing row', () => {
    const error = catchDataverseError(() =>
      fixture.add('contact', { parentcustomerid: { table: 'account', id: someId } }),
    );
    expect(error).to.include({
      ...{ code: '0x80040217', status: 404, message: `account With Id = ${someId} Does Not Exist` },
    });
  });

  it('reject unknown columns and values of a wrong type', () => {
    expect(catchDataverseError(() => fixture.add('account', { nope: 1 })).message).to.contain(
      "Name = 'nope'",
    );
    const misfits: readonly ColumnValues[] = [
      { name: 5 },
      { revenue: 'many' },
      { numberofemployees: 1.5 },
      { creditonhold: 'yes' },
      { primarycontactid: someId },
      { lastusedincampaign: '2024-02-31T00:00:00Z!' },
    ];
    for (const values of misfits) {
      expect(
        catchDataverseError(() => fixture.add('account', values)).status,
        JSON.stringify(values),
      ).to.equal(400);
    }
    expect(catchDataverseError(() => fixture.add('activitypointer', { subject: 'x' })).code).to.equal(
      '0x80040800',
    );
    expect(catchDataverseError(() => fixture.add('nothing', {})).code).to.equal('0x80041102');
  });

  it('are updated and deleted only with the expected version', () => {
    const first = fixture.store.insert('account', { name: 'x' }, fixture.actor);
    const second = fixture.store.update({ ...first, values: { name: 'y' }, actor: fixture.actor });
    const stale = { ...first, values: { name: 'z' }, actor: fixture.actor, expected: first.version };
    expect(catchDataverseError(() => fixture.store.update(stale))).to.include({
      code: '0x80060882',
      status: 412,
    });
    expect(
      catchDataverseError(() => fixture.store.delete('account', first.id, first.version)).status,
    ).to.equal(412);
    fixture.store.delete('account', first.id, second.version);
    expect(fixture.store.read('account', first.id)).to.equal(undefined);
    expect(catchDataverseError(() => fixture.store.delete('account', first.id)).status).to.equal(404);
    expect(catchDataverseError(() => fixture.store.update({ ...stale, expected: '1' })).status).to.equal(404);
  });

  it('get increasing versions across tables, also after a rollback', () => {
    const versions: bigint[] = [];
    const note = () => versions.push(BigInt(fixture.store.currentVersion()));
    const row = fixture.add('account', { name: 'x' });
    note();
    fixture.add('contact', { lastname: 'y' });
    note();
    expect(() =>
      fixture.store.transaction(() => {
        fixture.add('contact', { lastname: 'z' });
        note();
        throw new Error('no');
      }),
    ).to.throw('no');
    fixture.store.update({ ...row, values: { name: 'z' }, actor: fixture.actor });
    note();
    fixture.store.delete('account', row.id);
    note();
    expect(versions.every((version, index) => index === 0 || version > versions[index - 1]!)).to.equal(true);
    expect(fixture.find('contact', {})).to.have.length(1);
  });

  it('delete dependent rows and clear other lookups', () => {
    const account = fixture.add('account', { name: 'x' });
    const contact = fixture.add('contact', { lastname: 'goes', parentcustomerid: account });
    const subsidiary = fixture.add('account', { name: 'stays', parentaccountid: account });
    const incident = fixture.add('incident', { title: 'goes', customerid: account });
    const child = fixture.add('incident', { title: 'goes', customerid: subsidiary, parentcaseid: incident });
    const note = fixture.add('annotation', { subject: 'goes', objectid: incident });
    const mail = fixture.add('email', { subject: 'goes', regardingobjectid: incident });
    const letter = fixture.add('letter', { subject: 'goes', regardingobjectid: incident });
    const party = fixture.add('activityparty', {
      activityid: mail,
      partyid: subsidiary,
      participationtypemask: 1,
    });
    const before = fixture.store.read('account', subsidiary.id)!.version;
    fixture.store.delete('account', account.id);
    for (const { table, id } of [contact, incident, child, note, mail, letter, party]) {
      expect(fixture.store.read(table, id), table).to.equal(undefined);
    }
    const after = fixture.store.read('account', subsidiary.id)!;
    expect(after.values.parentaccountid).to.equal(null);
    expect(BigInt(after.version) > BigInt(before)).to.equal(true);
  });

  it('clear the lookup of contacts whose parent contact is deleted', () => {
    const parent = fixture.add('contact', { lastname: 'goes' });
    const contact = fixture.add('contact', { lastname: 'stays', parentcustomerid: parent });
    fixture.store.delete('contact', parent.id);
    expect(fixture.store.read('contact', contact.id)!.values.parentcustomerid).to.equal(null);
  });

  it('are not deleted while a relationship restricts it', () => {
    const currency = fixture.add('transactioncurrency', { currencyname: 'Franc', isocurrencycode: 'CHF' });
    const account = fixture.add('account', { name: 'x', revenue: '1', transactioncurrencyid: currency });
    const error = catchDataverseError(() => fixture.store.delete('transactioncurrency', currency.id));
    expect([error.status, error.code]).to.deep.equal([405, '0x80040227']);
    fixture.store.delete('account', account.id);
    fixture.store.delete('transactioncurrency', currency.id);
    expect(fixture.store.read('transactioncurrency', currency.id)).to.equal(undefined);
  });

  it('are rolled back with their savepoint only', () => {
    fixture.store.transaction(() => {
      fixture.add('subject', { title: 'kept' });
      expect(() =>
        fixture.store.transaction(() => {
          fixture.add('subject', { title: 'lost' });
          throw new Error('inner');
        }),
      ).to.throw('inner');
    });
    expect(fixture.column('subject', 'title', {})).to.deep.equal(['kept']);
  });
});

describe('store: many-to-many pairs', () => {
  let fixture: StoreFixture;
  before(() => {
    fixture = createStoreFixture();
  });
  after(() => fixture.store.close());

  it('are added once, removed, and deleted with either row', () => {
    const { store, add, find, user } = fixture;
    const team = add('team', { name: 'x', businessunitid: fixture.businessUnit });
    const pair = { navigation: 'teammembership_association', near: team, far: user };
    const members = () =>
      find('systemuser', {}, { relatedTo: { ...team, navigation: pair.navigation } }).length;
    store.associate(pair);
    store.associate({ ...pair, near: user, far: team });
    expect(members()).to.equal(1);
    store.disassociate(pair);
    store.disassociate(pair);
    expect(members()).to.equal(0);
    store.associate(pair);
    store.delete('team', team.id);
    expect(find('systemuser', { filter: 'teammembership_association/any()' })).to.have.length(0);
  });

  it('reject missing rows and unknown relationships', () => {
    const { store, user } = fixture;
    const ghost = { table: 'team', id: someId };
    const pair = { navigation: 'teammembership_association', near: user, far: ghost };
    expect(catchDataverseError(() => store.associate(pair)).status).to.equal(404);
    expect(catchDataverseError(() => store.associate({ ...pair, navigation: 'nope' })).status).to.equal(400);
    expect(catchDataverseError(() => store.associate({ ...pair, far: user })).status).to.equal(400);
    expect(
      catchDataverseError(() => store.associate({ ...pair, navigation: 'user_parent_user' })).status,
    ).to.equal(400);
  });
});
