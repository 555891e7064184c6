import { expect } from 'chai';
import type { EntityReference } from '../../src/store/types.ts';
import { catchDataverseError, createStoreFixture, type StoreFixture } from './fixture.ts';

describe('store: FetchXML features', () => {
  let fixture: StoreFixture;
  let zeta: EntityReference;
  let child: EntityReference;
  const fetch = (xml: string) => fixture.store.fetchXml(xml, fixture.actor);
  const rows = (table: string, inside: string, options = '') =>
    fetch(`<fetch ${options}><entity name='${table}'>${inside}</entity></fetch>`).rows.map(
      ({ values, linked }) => ({ ...values, ...linked }),
    );
  const names = (table: string, inside: string, options = '') =>
    rows(table, `<attribute name='name'/>${inside}`, options).map(({ name }) => name);

  before(() => {
    fixture = createStoreFixture();
    const { add, store, actor } = fixture;
    zeta = add('account', { name: 'Zeta' });
    const alpha = add('account', { name: 'Alpha' });
    child = add('account', { name: 'child-1', parentaccountid: zeta, revenue: '5' });
    add('account', { name: 'child-2', parentaccountid: alpha });
    add('account', { name: 'grandchild', parentaccountid: child });
    for (const lastname of ['Ay', 'Bee']) add('contact', { lastname, parentcustomerid: child });
    const contact = add('contact', { lastname: 'Cee' });
    store.update({ ...zeta, values: { primarycontactid: contact }, actor });
    add('incident', { title: 'open', customerid: child, prioritycode: 1 });
    add('incident', { title: 'closed', customerid: contact, prioritycode: 3, statecode: 1, statuscode: 5 });
  });
  after(() => fixture.store.close());

  const children = "<filter><condition attribute='name' operator='begins-with' value='child-'/></filter>";
  const parent = "<link-entity name='account' from='accountid' to='parentaccountid' alias='p'/>";

  it('orders by the column of the link that entityname refers to', () => {
    const order = (first: string) =>
      names('account', `${children}${parent}${first}<order attribute='name'/>`);
    expect(order("<order entityname='p' attribute='name'/>")).to.deep.equal(['child-2', 'child-1']);
    expect(order('')).to.deep.equal(['child-1', 'child-2']);
  });

  it('refers to a link without an alias by the name of its table', () => {
    const link = "<link-entity name='contact' from='contactid' to='primarycontactid' link-type='outer'/>";
    const condition = (operator: string) =>
      `<filter><condition entityname='contact' attribute='contactid' operator='${operator}'/></filter>`;
    expect(names('account', `${link}${condition('not-null')}`)).to.deep.equal(['Zeta']);
    expect(names('account', `${link}${condition('null')}`)).to.have.length(4);
  });

  it('joins along the relationship when a link leaves one column out', () => {
    for (const columns of ["to='parentcustomerid'", "to='parentcustomerid' from='accountid'"]) {
      const link = `<link-entity name='account' ${columns} alias='a'><attribute name='name'/></link-entity>`;
      const found = rows('contact', `<attribute name='lastname'/>${link}<order attribute='lastname'/>`);
      expect(found.map((row) => [row.lastname, row['a.name']])).to.deep.equal([
        ['Ay', 'child-1'],
        ['Bee', 'child-1'],
      ]);
    }
    const inverse = "<link-entity name='contact' from='parentcustomerid' alias='c'/>";
    expect(names('account', inverse)).to.deep.equal(['child-1', 'child-1']);
  });

  it('returns each row once with the columns of the first linked row, by schema name', () => {
    const link =
      "<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='matchfirstrowusingcrossapply'><attribute name='lastname'/></link-entity>";
    const found = rows('account', `<attribute name='name'/>${link}<order attribute='name'/>`);
    expect(found.map(({ name }) => name)).to.deep.equal([
      'Alpha',
      'child-1',
      'child-2',
      'grandchild',
      'Zeta',
    ]);
    expect(found.map(({ LastName }) => LastName)[1]).to.be.oneOf(['Ay', 'Bee']);
    expect(found.map(({ LastName }) => LastName)[0]).to.equal(null);
  });

  it('counts the children of rows', () => {
    const count = "<attribute name='accountid' alias='children' rowaggregate='CountChildren'/>";
    const found = rows('account', `<attribute name='name'/>${count}<order attribute='name'/>`);
    expect(found.map((row) => row.children)).to.deep.equal([1, 1, 0, 0, 1]);
  });

  it('counts children by the primary key only', () => {
    for (const name of ['name', 'statecodename']) {
      const count = `<attribute name='${name}' alias='children' rowaggregate='CountChildren'/>`;
      expect(catchDataverseError(() => rows('account', count)).status).to.equal(400);
    }
  });

  it('joins by a companion of a column', () => {
    const link = "<link-entity name='account' from='name' to='customeridname' alias='a'/>";
    expect(rows('incident', `<attribute name='title'/>${link}`).map(({ title }) => title)).to.deep.equal([
      'open',
    ]);
  });

  it('finds rows under a row through a lookup that also references other tables', () => {
    const under = (operator: string, id: string) =>
      rows(
        'contact',
        `<attribute name='lastname'/><filter><condition attribute='parentcustomerid' operator='${operator}' value='${id}'/></filter><order attribute='lastname'/>`,
      ).map(({ lastname }) => lastname);
    expect(under('under', zeta.id)).to.deep.equal(['Ay', 'Bee']);
    expect(under('under', child.id)).to.deep.equal([]);
    expect(under('eq-or-under', child.id)).to.deep.equal(['Ay', 'Bee']);
  });

  it('reads, filters, sorts and groups by the companions of columns', () => {
    const filter = (attribute: string, value: string) =>
      rows(
        'incident',
        `<attribute name='title'/><filter><condition attribute='${attribute}' operator='eq' value='${value}'/></filter>`,
      ).map(({ title }) => title);
    expect(filter('customeridname', 'child-1')).to.deep.equal(['open']);
    expect(filter('customeridtype', 'contact')).to.deep.equal(['closed']);
    expect(filter('customeridtype', '1')).to.deep.equal(['open']);
    expect(filter('prioritycodename', 'high')).to.deep.equal(['open']);
    expect(filter('isescalatedname', 'No')).to.have.members(['open', 'closed']);
    const read = rows(
      'incident',
      "<attribute name='customeridname'/><attribute name='statecodename'/><order attribute='customeridname'/>",
    );
    expect(read.map(({ customeridname, statecodename }) => [customeridname, statecodename])).to.deep.equal([
      ['Cee', 'Resolved'],
      ['child-1', 'Active'],
    ]);
    const groups = fetch(
      "<fetch aggregate='true'><entity name='incident'><attribute name='incidentid' alias='n' aggregate='count'/><attribute name='customeridtype' alias='t' groupby='true'/><order alias='t'/></entity></fetch>",
    );
    expect(groups.aggregate?.rows).to.deep.equal([
      { n: 1, t: 'account' },
      { n: 1, t: 'contact' },
    ]);
  });

  it('accepts the names of states, and value="" beside values', () => {
    const where = (condition: string) =>
      rows('incident', `<attribute name='title'/><filter>${condition}</filter>`).map(({ title }) => title);
    expect(where("<condition attribute='statecode' operator='eq' value='Resolved'/>")).to.deep.equal([
      'closed',
    ]);
    const values = '<value>0</value><value>Resolved</value>';
    expect(
      where(`<condition attribute='statecode' operator='in' value=''>${values}</condition>`),
    ).to.have.length(2);
  });

  it('compares a text with an id, and rejects columns of other types', () => {
    const compare = (attribute: string) =>
      names('account', `<filter><condition attribute='name' operator='eq' valueof='${attribute}'/></filter>`);
    expect(compare('accountid')).to.deep.equal([]);
    expect(catchDataverseError(() => compare('createdon')).status).to.equal(400);
  });

  it('links inside a semi-join restrict its rows', () => {
    const found = (condition: string) =>
      names(
        'account',
        `<link-entity name='contact' from='parentcustomerid' to='accountid' link-type='exists'>
           <link-entity name='account' from='accountid' to='parentcustomerid' alias='back'><filter>${condition}</filter></link-entity>
         </link-entity>`,
      );
    expect(found("<condition attribute='name' operator='eq' value='child-1'/>")).to.deep.equal(['child-1']);
    expect(found("<condition attribute='name' operator='eq' value='other'/>")).to.deep.equal([]);
  });

  it('rejects more rows than aggregatelimit', () => {
    const count = (limit: number) =>
      fetch(
        `<fetch aggregate='true' aggregatelimit='${limit}'><entity name='account'><attribute name='name' alias='n' aggregate='count'/></entity></fetch>`,
      );
    expect(count(5).aggregate?.rows).to.deep.equal([{ n: 5 }]);
    expect(catchDataverseError(() => count(4)).code).to.equal('0x8004e023');
  });

  it('groups by week as SQL Server does, and formats fiscal periods', () => {
    const { add, store } = fixture;
    const added = ['2023-01-01', '2023-01-07', '2023-01-08', '2024-03-30'].map((day) =>
      add('task', { subject: day, scheduledend: `${day}T12:00:00Z` }),
    );
    const group = (part: string) =>
      fetch(
        `<fetch aggregate='true'><entity name='task'><attribute name='activityid' alias='n' aggregate='count'/><attribute name='scheduledend' alias='part' groupby='true' dategrouping='${part}'/><order alias='part'/></entity></fetch>`,
      ).aggregate;
    expect(group('week')?.rows.map(({ n, part }) => [part, n])).to.deep.equal([
      [1, 2],
      [2, 1],
      [13, 1],
    ]);
    expect(group('fiscal-period')?.texts?.map(({ part }) => part)).to.deep.equal([
      'Quarter 1 FY2023',
      'Quarter 1 FY2024',
    ]);
    expect(group('fiscal-year')?.texts?.map(({ part }) => part)).to.deep.equal(['FY2023', 'FY2024']);
    for (const { table, id } of added) store.delete(table, id);
  });

  it('accepts the party columns of activities and leaves them out', () => {
    fixture.add('email', { subject: 'Hi' });
    expect(rows('email', "<attribute name='subject'/><attribute name='to'/>")).to.have.length(1);
  });

  const refused: readonly (readonly [code: string, xml: string])[] = [
    [
      '0x80041117',
      "<fetch><entity name='account'><link-entity name='contact' from='contactid' to='primarycontactid' link-type='left'/></entity></fetch>",
    ],
    [
      '0x8004430d',
      `<fetch><entity name='account'>${"<link-entity name='contact' from='contactid' to='primarycontactid'/>".repeat(16)}</entity></fetch>`,
    ],
    [
      '0x8004111c',
      "<fetch><entity name='account'><link-entity name='contact' from='contactid' to='primarycontactid' link-type='exists'><attribute name='lastname'/></link-entity></entity></fetch>",
    ],
    [
      '0x80041130',
      "<fetch><entity name='account'><link-entity name='contact' to='primarycontactid' alias='a'/><link-entity name='contact' to='primarycontactid' alias='a'/></entity></fetch>",
    ],
    [
      '0x8004110a',
      "<fetch><entity name='account'><filter><condition entityname='nope' attribute='name' operator='null'/></filter></entity></fetch>",
    ],
    [
      '0x80041126',
      "<fetch><entity name='account'><order entityname='nope' attribute='name'/></entity></fetch>",
    ],
    [
      '0x80041109',
      "<fetch aggregate='true'><entity name='account'><attribute name='accountid' alias='how many' aggregate='count'/></entity></fetch>",
    ],
    [
      '0x8004111a',
      "<fetch aggregate='true'><entity name='account'><attribute name='accountid' alias='n' aggregate='total'/></entity></fetch>",
    ],
    [
      '0x8004110b',
      "<fetch aggregate='true'><entity name='account'><attribute name='accountid' aggregate='count'/></entity></fetch>",
    ],
    [
      '0x80041107',
      "<fetch aggregate='true'><entity name='account'><attribute name='name'/></entity></fetch>",
    ],
    [
      '0x80041137',
      "<fetch aggregate='true'><entity name='account'><attribute name='name' alias='n' aggregate='count' groupby='true'/></entity></fetch>",
    ],
    [
      '0x80041135',
      "<fetch aggregate='true'><entity name='account'><attribute name='createdon' alias='n' groupby='true' dategrouping='hour'/></entity></fetch>",
    ],
    [
      '0x80041131',
      "<fetch aggregate='true'><entity name='account'><attribute name='name' alias='n' groupby='true'/><order attribute='name'/></entity></fetch>",
    ],
    [
      '0x80041132',
      "<fetch><entity name='account'><attribute name='name' alias='n'/><order alias='n'/></entity></fetch>",
    ],
    [
      '0x80041120',
      "<fetch><entity name='account'><filter><condition attribute='revenue' operator='like' value='1%'/></filter></entity></fetch>",
    ],
    [
      '0x80041120',
      "<fetch><entity name='account'><filter><condition attribute='name' operator='today'/></filter></entity></fetch>",
    ],
    [
      '0x80041120',
      "<fetch><entity name='account'><filter><condition attribute='statuscode' operator='contain-values'><value>1</value></condition></filter></entity></fetch>",
    ],
    ['0x80041122', "<fetch><entity name='account'><filter type='xor'/></entity></fetch>"],
    ['0x80040203', "<fetch top='5' page='2'><entity name='account'/></fetch>"],
    ['0x80040303', "<fetch tpo='5'><entity name='account'/></fetch>"],
    ['0x80041102', "<fetch><entity name='account'/><entity name='contact'/></fetch>"],
    [
      '0x80041102',
      "<fetch><entity name='account'><link-entity name='contcat' to='primarycontactid'/></entity></fetch>",
    ],
  ];
  for (const [code, xml] of refused)
    it(`refuses with ${code}: ${xml.slice(0, 130)}`, () =>
      expect(catchDataverseError(() => fetch(xml)).code).to.equal(code));
});
