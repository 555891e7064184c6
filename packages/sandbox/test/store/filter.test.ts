import { expect } from 'chai';
import { catchDataverseError, createStoreFixture, type StoreFixture } from './fixture.ts';

describe('store: filter', () => {
  let fixture: StoreFixture;
  const names = (filter: string) => [...fixture.column('account', 'name', { filter })].sort();

  before(() => {
    fixture = createStoreFixture();
    fixture.add('account', { name: 'Café Zoë', revenue: '100.50', numberofemployees: 5, creditonhold: true });
    fixture.add('account', {
      name: 'Ártos Bakery',
      revenue: '2000',
      numberofemployees: 50,
      accountnumber: 'A_1',
    });
    fixture.add('account', { name: '100% Pure', revenue: '922337203685477.5807', accountnumber: 'AB1' });
    fixture.add('account', { name: 'plain', description: 'plain' });
  });
  after(() => fixture.store.close());

  describe('comparisons', () => {
    for (const [filter, found] of [
      ["name eq 'PLAIN'", ['plain']],
      ["'plain' eq name", ['plain']],
      ["name eq 'cafe zoe'", ['Café Zoë']],
      ["name gt 'b'", ['Café Zoë', 'plain']],
      ['revenue eq 100.5', ['Café Zoë']],
      ['revenue eq 100.50001', []],
      ['revenue gt 100.49999', ['100% Pure', 'Café Zoë', 'Ártos Bakery']],
      ['revenue lt 100.50001', ['Café Zoë']],
      ['revenue ge 922337203685477.5807', ['100% Pure']],
      ['revenue gt 922337203685477.5806', ['100% Pure']],
      ['revenue lt 922337203685477.5807', ['Café Zoë', 'Ártos Bakery']],
      ['revenue gt 1e300', []],
      ['2000 le revenue', ['100% Pure', 'Ártos Bakery']],
      ['numberofemployees gt 5.5', ['Ártos Bakery']],
      ['creditonhold eq true', ['Café Zoë']],
      ['name eq description', ['plain']],
      ['createdon eq 2024-05-15T10:30:00Z and revenue eq 2000', ['Ártos Bakery']],
      ['createdon eq 2024-05-15T12:30:00+02:00 and revenue eq 2000', ['Ártos Bakery']],
      ['createdon lt 2024-05-15T10:30:00.5Z and revenue eq 2000', ['Ártos Bakery']],
      ['createdon gt 2024-05-15 and revenue eq 2000', ['Ártos Bakery']],
    ] as const) {
      it(`${filter} -> ${found.length > 0 ? found.join(', ') : 'nothing'}`, () => {
        expect(names(filter)).to.deep.equal([...found].sort());
      });
    }
  });

  describe('null values', () => {
    for (const [filter, found] of [
      ['revenue eq null', ['plain']],
      ['null ne revenue', ['100% Pure', 'Café Zoë', 'Ártos Bakery']],
      ['numberofemployees ne 5', ['100% Pure', 'plain', 'Ártos Bakery']],
      ['not (numberofemployees eq 5)', ['100% Pure', 'plain', 'Ártos Bakery']],
      ['not (numberofemployees gt 5)', ['Café Zoë']],
      ["not contains(accountnumber,'b')", ['Café Zoë', 'plain', 'Ártos Bakery']],
      ['revenue gt null', []],
      ['description ne name', ['100% Pure', 'Café Zoë', 'Ártos Bakery']],
    ] as const) {
      it(`${filter} -> ${found.join(', ')}`, () => {
        expect(names(filter)).to.deep.equal([...found].sort());
      });
    }
  });

  describe('text matches with SQL wildcards', () => {
    for (const [filter, found] of [
      ["contains(name,'É')", ['100% Pure', 'Café Zoë', 'Ártos Bakery']],
      ["startswith(name,'ART')", ['Ártos Bakery']],
      ["endswith(name,'zoë')", ['Café Zoë']],
      ["contains(name,'c%z')", ['Café Zoë']],
      ["contains(accountnumber,'a_1')", ['A_1', 'AB1']],
      ["contains(accountnumber,'a[_]1')", ['A_1']],
      ["contains(accountnumber,'a[a-c]1')", ['AB1']],
      ["contains(accountnumber,'a[^a-c]1')", ['A_1']],
      ["contains(name,'100[%]')", ['100% Pure']],
      ["contains(name,'[')", []],
      ["contains(name,'*')", []],
    ] as const) {
      it(`${filter} -> ${found.join(', ')}`, () => {
        const column = filter.includes('accountnumber') ? 'accountnumber' : 'name';
        expect([...fixture.column('account', column, { filter })].sort()).to.deep.equal([...found].sort());
      });
    }
  });

  it('combines conditions with and, or, not and parentheses', () => {
    expect(names("(revenue eq 2000 or name eq 'plain') and not (name eq 'plain')")).to.deep.equal([
      'Ártos Bakery',
    ]);
    expect(names("not (revenue eq 2000 or name eq 'plain')")).to.deep.equal(['100% Pure', 'Café Zoë']);
  });

  describe('rejects with Dataverse’s error text', () => {
    for (const [filter, message] of [
      ['nope eq 1', "Could not find a property named 'nope' on type 'Microsoft.Dynamics.CRM.account'."],
      [
        "revenue eq 'x'",
        "A binary operator with incompatible types was detected. Found operand types 'Edm.Decimal' and 'Edm.String' for operator kind 'Equal'.",
      ],
      [
        "_primarycontactid_value gt 'x'",
        "A binary operator with incompatible types was detected. Found operand types 'Edm.Guid' and 'Edm.String' for operator kind 'GreaterThan'.",
      ],
      [
        "nope/name eq 'x'",
        "Could not find a property named 'nope' on type 'Microsoft.Dynamics.CRM.account'.",
      ],
      [
        "Account_Tasks/subject eq 'x'",
        "The parent value for a property access of a property 'Account_Tasks' is not a single value.",
      ],
      [
        "primarycontactid/any(c:c/fullname eq 'x')",
        "Any/All may only be used following a collection. 'primarycontactid' is not a collection.",
      ],
    ] as const) {
      it(filter, () => {
        const error = catchDataverseError(() => names(filter));
        expect(error).to.include({ code: '0x80060888', status: 400, message });
      });
    }

    it('more than 500 conditions', () => {
      const filter = Array.from({ length: 501 }, (_, i) => `numberofemployees eq ${i}`).join(' or ');
      expect(catchDataverseError(() => names(filter)).code).to.equal('0x8004430c');
    });
  });

  it('accepts 500 conditions', () => {
    const filter = Array.from({ length: 500 }, (_, i) => `numberofemployees eq ${i}`).join(' or ');
    expect(names(filter)).to.have.length(2);
  });
});

describe('store: filter along relationships', () => {
  let fixture: StoreFixture;
  const titles = (filter: string) => [...fixture.column('incident', 'title', { filter })].sort();

  before(() => {
    fixture = createStoreFixture();
    const { add, store } = fixture;
    const account = add('account', { name: 'Works' });
    const boss = add('contact', { firstname: 'Bo', lastname: 'Ess', parentcustomerid: account });
    store.update({ ...account, values: { primarycontactid: boss }, actor: fixture.actor });
    add('incident', { title: 'of account', customerid: account });
    const other = add('incident', { title: 'of contact', customerid: boss });
    add('task', { subject: 'open', regardingobjectid: other });
    add('task', { subject: 'done', regardingobjectid: other, statecode: 1 });
    const mail = add('email', { subject: 'hello', regardingobjectid: other });
    add('activityparty', { activityid: mail, partyid: boss, participationtypemask: 2 });
    const team = add('team', { name: 'Night', businessunitid: fixture.businessUnit });
    store.associate({ navigation: 'teammembership_association', near: team, far: fixture.user });
  });
  after(() => fixture.store.close());

  it('follows lookups, polymorphic lookups and chains of lookups', () => {
    expect(titles("customerid_account/name eq 'works'")).to.deep.equal(['of account']);
    expect(titles("customerid_contact/parentcustomerid_account/name eq 'works'")).to.deep.equal([
      'of contact',
    ]);
    expect(titles("customerid_account/primarycontactid/lastname eq 'ess'")).to.deep.equal(['of account']);
    expect(titles('customerid_account/name eq null')).to.deep.equal(['of contact']);
  });

  it('follows ownerid to a user by a type cast', () => {
    const filter = "ownerid/Microsoft.Dynamics.CRM.systemuser/domainname eq 'ada@example'";
    expect(titles(filter)).to.have.length(2);
  });

  it('filters collections with any and all', () => {
    expect(titles("Incident_Tasks/any(t:t/subject eq 'open')")).to.deep.equal(['of contact']);
    expect(titles('Incident_Tasks/all(t:t/statecode eq 1)')).to.deep.equal(['of account']);
    expect(titles('not Incident_Tasks/any(t:t/statecode eq 1)')).to.deep.equal(['of account']);
    expect(titles('Incident_Tasks/any()')).to.deep.equal(['of contact']);
  });

  it('filters by activity parties and by all activities', () => {
    const parties =
      "Incident_Emails/any(e:e/email_activity_parties/any(p:p/partyid_contact/lastname eq 'ess'))";
    expect(titles(parties)).to.deep.equal(['of contact']);
    expect(titles("Incident_ActivityPointers/any(a:a/activitytypecode eq 'email')")).to.deep.equal([
      'of contact',
    ]);
  });

  it('filters many-to-many relationships from both ends', () => {
    const { column } = fixture;
    const users = "teammembership_association/any(t:t/name eq 'night')";
    expect(column('systemuser', 'fullname', { filter: users })).to.deep.equal(['Ada Byron']);
    const teams = "teammembership_association/any(u:u/lastname eq 'byron')";
    expect(column('team', 'name', { filter: teams })).to.deep.equal(['Night']);
  });

  it('compares a lambda variable with the outer row', () => {
    const filter = 'Incident_Tasks/any(t:t/createdon eq 2024-05-15T10:30:00Z and t/ownerid/ownerid ne null)';
    expect(titles(filter)).to.deep.equal(['of contact']);
  });

  it('rejects more joins than Dataverse allows', () => {
    const step = 'parentcaseid/';
    const filter = Array.from({ length: 17 }, (_, i) => `${step.repeat(i + 1)}title eq 'x'`).join(' or ');
    expect(catchDataverseError(() => titles(filter)).code).to.equal('0x8004430d');
  });
});
