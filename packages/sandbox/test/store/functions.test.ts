import { expect } from 'chai';
import { catchDataverseError, createStoreFixture, type StoreFixture } from './fixture.ts';

const call = (name: string, column: string, rest = '') =>
  `Microsoft.Dynamics.CRM.${name}(PropertyName='${column}'${rest && `,${rest}`})`;
const value = (x: string | number) => `PropertyValue=${typeof x === 'number' ? x : `'${x}'`}`;
const values = (...items: (string | number)[]) => `PropertyValues=${JSON.stringify(items.map(String))}`;

describe('time query functions (now: Wednesday 15 May 2024, 10:30 UTC)', () => {
  let fixture: StoreFixture;
  const stamps = [
    ...['2022-12-31T23:59:59Z', '2023-05-15T00:00:00Z', '2023-12-31T23:00:00Z', '2024-01-01T00:00:00Z'],
    ...['2024-03-31T10:00:00Z', '2024-04-01T00:00:00Z', '2024-05-05T00:00:00Z', '2024-05-08T12:00:00Z'],
    ...['2024-05-12T00:00:00Z', '2024-05-14T23:59:59Z', '2024-05-15T00:00:00Z', '2024-05-15T10:00:00Z'],
    ...['2024-05-15T11:00:00Z', '2024-05-16T00:00:00Z', '2024-05-19T08:00:00Z', '2024-06-30T00:00:00Z'],
    ...['2024-07-01T00:00:00Z', '2025-01-01T00:00:00Z'],
  ];
  const found = (name: string, rest = '') =>
    [...fixture.column('task', 'scheduledend', { filter: call(name, 'scheduledend', rest) })].map((stamp) =>
      (stamp as string).slice(0, 16),
    );

  before(() => {
    fixture = createStoreFixture();
    for (const scheduledend of stamps) fixture.add('task', { subject: scheduledend, scheduledend });
    fixture.add('task', { subject: 'never' });
  });
  after(() => fixture.store.close());

  const expected: readonly (readonly [string, string, readonly string[]])[] = [
    ['Today', '', ['2024-05-15T00:00', '2024-05-15T10:00', '2024-05-15T11:00']],
    ['Yesterday', '', ['2024-05-14T23:59']],
    ['Tomorrow', '', ['2024-05-16T00:00']],
    [
      'Last7Days',
      '',
      ['2024-05-08T12:00', '2024-05-12T00:00', '2024-05-14T23:59', '2024-05-15T00:00', '2024-05-15T10:00'],
    ],
    ['Next7Days', '', ['2024-05-15T11:00', '2024-05-16T00:00', '2024-05-19T08:00']],
    [
      'ThisWeek',
      '',
      [
        '2024-05-12T00:00',
        '2024-05-14T23:59',
        '2024-05-15T00:00',
        '2024-05-15T10:00',
        '2024-05-15T11:00',
        '2024-05-16T00:00',
      ],
    ],
    ['LastWeek', '', ['2024-05-05T00:00', '2024-05-08T12:00']],
    ['NextWeek', '', ['2024-05-19T08:00']],
    ['LastMonth', '', ['2024-04-01T00:00']],
    ['NextMonth', '', ['2024-06-30T00:00']],
    ['LastYear', '', ['2023-05-15T00:00', '2023-12-31T23:00']],
    ['NextYear', '', ['2025-01-01T00:00']],
    ['LastFiscalPeriod', '', ['2024-01-01T00:00', '2024-03-31T10:00']],
    ['NextFiscalPeriod', '', ['2024-07-01T00:00']],
    ['LastFiscalYear', '', ['2023-05-15T00:00', '2023-12-31T23:00']],
    ['LastXHours', value(1), ['2024-05-15T10:00']],
    ['NextXHours', value(1), ['2024-05-15T11:00']],
    ['LastXDays', value(1), ['2024-05-14T23:59', '2024-05-15T00:00', '2024-05-15T10:00']],
    ['NextXDays', value(1), ['2024-05-15T11:00', '2024-05-16T00:00']],
    [
      'OlderThanXMonths',
      value(4),
      ['2022-12-31T23:59', '2023-05-15T00:00', '2023-12-31T23:00', '2024-01-01T00:00'],
    ],
    ['OlderThanXYears', value(1), ['2022-12-31T23:59']],
    ['On', value('2024-05-14'), ['2024-05-14T23:59']],
    ['OnOrAfter', value('2024-07-01'), ['2024-07-01T00:00', '2025-01-01T00:00']],
    ['OnOrBefore', value('2023-05-15'), ['2022-12-31T23:59', '2023-05-15T00:00']],
    ['InFiscalYear', value(2025), ['2025-01-01T00:00']],
    ['InFiscalPeriod', value(4), ['2022-12-31T23:59', '2023-12-31T23:00']],
    [
      'InFiscalPeriodAndYear',
      'PropertyValue1=1,PropertyValue2=2024',
      ['2024-01-01T00:00', '2024-03-31T10:00'],
    ],
    [
      'InOrAfterFiscalPeriodAndYear',
      'PropertyValue1=3,PropertyValue2=2024',
      ['2024-07-01T00:00', '2025-01-01T00:00'],
    ],
    ['InOrBeforeFiscalPeriodAndYear', 'PropertyValue1=4,PropertyValue2=2022', ['2022-12-31T23:59']],
  ];
  for (const [name, rest, dates] of expected) {
    it(`${name}${rest && ` ${rest}`} finds ${dates.length}`, () => {
      expect(found(name, rest)).to.deep.equal(dates);
    });
  }

  it('compares by days for a date-only column', () => {
    fixture.add('contact', { lastname: 'Today', birthdate: '2024-05-15' });
    fixture.add('contact', { lastname: 'Tomorrow', birthdate: '2024-05-16' });
    expect(fixture.column('contact', 'lastname', { filter: call('Today', 'birthdate') })).to.deep.equal([
      'Today',
    ]);
  });

  it('reject an invalid number and a column that is not a date', () => {
    expect(catchDataverseError(() => found('LastXDays', value('soon'))).status).to.equal(400);
    const onText = () => fixture.find('task', { filter: call('Today', 'subject') });
    expect(catchDataverseError(onText).message).to.contain("not valid for attribute 'subject'");
    expect(catchDataverseError(() => found('NextXYears', value(999999))).status).to.equal(400);
  });
});

describe('value query functions', () => {
  let fixture: StoreFixture;
  const names = (filter: string) => fixture.column('account', 'name', { filter });

  before(() => {
    fixture = createStoreFixture();
    fixture.add('account', { name: 'five', numberofemployees: 5, revenue: '5.25' });
    fixture.add('account', { name: 'Fünfzig', numberofemployees: 50, revenue: '50' });
    fixture.add('account', { name: 'none' });
  });
  after(() => fixture.store.close());

  it('Between and NotBetween include both limits', () => {
    expect(names(call('Between', 'revenue', values('5.25', '49')))).to.deep.equal(['five']);
    expect(names(call('NotBetween', 'revenue', values(5, 6)))).to.deep.equal(['Fünfzig', 'none']);
  });

  it('In and NotIn compare text without case and accents', () => {
    expect(names(call('In', 'name', values('FIVE', 'funfzig')))).to.deep.equal(['five', 'Fünfzig']);
    expect(names(call('NotIn', 'numberofemployees', values(5)))).to.deep.equal(['Fünfzig', 'none']);
    expect(names(`not ${call('In', 'numberofemployees', values(5))}`)).to.deep.equal(['Fünfzig', 'none']);
  });

  it('reject values of a wrong type and too many values', () => {
    expect(catchDataverseError(() => names(call('In', 'numberofemployees', values('x')))).code).to.equal(
      '0x80040203',
    );
    const many = values(...Array.from({ length: 2001 }, (_, i) => i));
    expect(catchDataverseError(() => names(call('In', 'numberofemployees', many))).code).to.equal(
      '0x8004430e',
    );
  });

  it('ContainValues finds rows with any of the choices', () => {
    const { store, add, column } = fixture;
    store.addTable({ logicalName: 'new_thing', set: 'new_things' });
    const options = [1, 2, 12].map((each) => ({ value: each, label: `${each}` }));
    store.addColumn('new_thing', {
      ...{ logicalName: 'new_colors', schemaName: 'new_Colors', displayName: 'Colors' },
      ...{
        type: 'MultiSelectPicklist',
        required: 'None',
        validForCreate: true,
        validForUpdate: true,
        options,
      },
    });
    add('new_thing', { new_name: 'both', new_colors: '1,2' });
    add('new_thing', { new_name: 'twelve', new_colors: '12' });
    add('new_thing', { new_name: 'nothing' });
    const found = (name: string, ...choices: number[]) =>
      column('new_thing', 'new_name', { filter: call(name, 'new_colors', values(...choices)) });
    expect(found('ContainValues', 1)).to.deep.equal(['both']);
    expect(found('ContainValues', 2, 12)).to.deep.equal(['both', 'twelve']);
    expect(found('DoesNotContainValues', 2)).to.deep.equal(['twelve', 'nothing']);
  });
});

describe('user and hierarchy query functions', () => {
  let fixture: StoreFixture;
  const titles = (name: string) => fixture.column('incident', 'title', { filter: call(name, 'ownerid') });

  before(() => {
    fixture = createStoreFixture();
    const { add, store, user, businessUnit } = fixture;
    const colleague = (lastname: string, boss: typeof user) =>
      add('systemuser', {
        lastname,
        domainname: lastname,
        businessunitid: businessUnit,
        parentsystemuserid: boss,
      });
    const report = colleague('Report', user);
    const intern = colleague('Intern', report);
    const team = add('team', { name: 'Mine', businessunitid: businessUnit });
    store.associate({ navigation: 'teammembership_association', near: user, far: team });
    const customerid = add('account', { name: 'Any' });
    for (const [title, ownerid] of Object.entries({ mine: user, report, intern, team })) {
      add('incident', { title, ownerid, customerid });
    }
  });
  after(() => fixture.store.close());

  for (const [name, found] of [
    ['EqualUserId', ['mine']],
    ['NotEqualUserId', ['report', 'intern', 'team']],
    ['EqualUserTeams', ['team']],
    ['EqualUserOrUserTeams', ['mine', 'team']],
    ['EqualUserOrUserHierarchy', ['mine', 'report', 'intern']],
    ['EqualUserOrUserHierarchyAndTeams', ['mine', 'report', 'intern', 'team']],
  ] as const) {
    it(`${name} finds ${found.join(', ')}`, () => expect(titles(name)).to.deep.equal(found));
  }

  it('EqualBusinessId compares with the business unit of the user', () => {
    const filter = call('EqualBusinessId', 'owningbusinessunit');
    expect(fixture.find('incident', { filter })).to.have.length(4);
  });

  it('EqualRoleBusinessId compares with the business units of the roles of the user', () => {
    const { add, store, find, user, businessUnit } = fixture;
    const filter = call('EqualRoleBusinessId', 'owningbusinessunit');
    expect(find('incident', { filter })).to.have.length(0);
    const role = add('role', { name: 'Agent', businessunitid: businessUnit });
    store.associate({ navigation: 'systemuserroles_association', near: user, far: role });
    expect(find('incident', { filter })).to.have.length(4);
  });

  it('Contains needs a full-text index, which no column has', () => {
    const filter = call('Contains', 'title', value('mine'));
    expect(() => fixture.find('incident', { filter }))
      .to.throw('Unknown Condition Operator: Contains. FetchXml does not support it')
      .with.property('code', '0x80041120');
  });

  it('Above and Under follow the parent lookup', () => {
    const { add, column } = fixture;
    const top = add('account', { name: 'top' });
    const middle = add('account', { name: 'middle', parentaccountid: top });
    const bottom = add('account', { name: 'bottom', parentaccountid: middle });
    const found = (name: string, id: string) =>
      column('account', 'name', { filter: call(name, 'accountid', value(id)) });
    expect(found('Under', top.id)).to.deep.equal(['middle', 'bottom']);
    expect(found('UnderOrEqual', middle.id)).to.deep.equal(['middle', 'bottom']);
    expect(found('Above', bottom.id)).to.deep.equal(['top', 'middle']);
    expect(found('AboveOrEqual', bottom.id)).to.deep.equal(['top', 'middle', 'bottom']);
    expect(found('NotUnder', top.id)).to.deep.equal(['Any', 'top']);
  });
});
