import { expect } from 'chai';
import fc from 'fast-check';
import { catchDataverseError, createStoreFixture, type StoreFixture } from './fixture.ts';

describe('store: FetchXML', () => {
  let fixture: StoreFixture;
  const fetch = (xml: string) => fixture.store.fetchXml(xml, fixture.actor);
  const entity = (table: string, inside: string, options = '') =>
    fetch(`<fetch ${options}><entity name='${table}'>${inside}</entity></fetch>`);
  const where = (condition: string) =>
    entity(
      'incident',
      `<attribute name='title'/><filter>${condition}</filter><order attribute='title'/>`,
    ).rows.map(({ values }) => values.title);

  before(() => {
    fixture = createStoreFixture();
    const { add, store } = fixture;
    const zoo = add('account', { name: 'Zoo', revenue: '10' });
    const boss = add('contact', { firstname: 'Bo', lastname: 'Ess', parentcustomerid: zoo });
    store.update({ ...zoo, values: { primarycontactid: boss }, actor: fixture.actor });
    add('account', { name: 'Empty' });
    add('incident', { title: 'a', customerid: zoo, prioritycode: 1, description: 'a' });
    add('incident', { title: 'b', customerid: zoo, prioritycode: 3, followupby: '2024-02-03T00:00:00Z' });
    add('incident', { title: 'ç', customerid: boss, prioritycode: 2, followupby: '2024-02-20T00:00:00Z' });
    const team = add('team', { name: 'Night', businessunitid: fixture.businessUnit });
    store.associate({ navigation: 'teammembership_association', near: team, far: fixture.user });
  });
  after(() => fixture.store.close());

  describe('operators', () => {
    for (const [condition, found] of [
      ["<condition attribute='title' operator='eq' value='A'/>", ['a']],
      ["<condition attribute='title' operator='ne' value='A'/>", ['b', 'ç']],
      ["<condition attribute='description' operator='neq' value='x'/>", ['a', 'b', 'ç']],
      ["<condition attribute='description' operator='null'/>", ['b', 'ç']],
      ["<condition attribute='description' operator='not-null'/>", ['a']],
      ["<condition attribute='prioritycode' operator='ge' value='2'/>", ['b', 'ç']],
      ["<condition attribute='title' operator='like' value='%C%'/>", ['ç']],
      ["<condition attribute='title' operator='not-like' value='%C%'/>", ['a', 'b']],
      ["<condition attribute='title' operator='begins-with' value='B'/>", ['b']],
      ["<condition attribute='title' operator='not-end-with' value='B'/>", ['a', 'ç']],
      [
        "<condition attribute='prioritycode' operator='in'><value>1</value><value>2</value></condition>",
        ['a', 'ç'],
      ],
      ["<condition attribute='prioritycode' operator='not-in'><value>1</value></condition>", ['b', 'ç']],
      [
        "<condition attribute='prioritycode' operator='between'><value>2</value><value>3</value></condition>",
        ['b', 'ç'],
      ],
      ["<condition attribute='title' operator='eq' valueof='description'/>", ['a']],
      ["<condition attribute='ownerid' operator='eq-userid'/>", ['a', 'b', 'ç']],
      ["<condition attribute='ownerid' operator='ne-userid'/>", []],
      ["<condition attribute='createdon' operator='today'/>", ['a', 'b', 'ç']],
      ["<condition attribute='followupby' operator='olderthan-x-months' value='3'/>", ['b']],
      ["<condition attribute='followupby' operator='on-or-after' value='2024-02-20'/>", ['ç']],
      [
        "<condition attribute='followupby' operator='in-fiscal-period-and-year'><value>1</value><value>2024</value></condition>",
        ['b', 'ç'],
      ],
    ] as const) {
      it(`${/operator='([^']+)'/.exec(condition)![1]} -> ${found.join(', ')}`, () => {
        expect(where(condition)).to.deep.equal(found);
      });
    }
  });

  it('nests filters with and/or', () => {
    const both = `<filter type='or'><condition attribute='title' operator='eq' value='a'/>
      <filter><condition attribute='title' operator='eq' value='b'/><condition attribute='prioritycode' operator='eq' value='3'/></filter></filter>`;
    expect(where(both)).to.deep.equal(['a', 'b']);
  });

  it('joins link-entities inner and outer, with their columns by alias', () => {
    const link = (type: string) =>
      entity(
        'account',
        `<attribute name='name'/><order attribute='name'/>
         <link-entity name='contact' from='contactid' to='primarycontactid' alias='pc' link-type='${type}'>
           <attribute name='fullname'/><attribute name='lastname' alias='family'/>
           <filter><condition attribute='lastname' operator='eq' value='ess'/></filter>
         </link-entity>`,
      );
    expect(link('inner').rows.map(({ linked }) => linked)).to.deep.equal([
      { 'pc.fullname': 'Bo Ess', family: 'Ess' },
    ]);
    expect(link('outer').rows.map(({ values, linked }) => [values.name, linked.family])).to.deep.equal([
      ['Empty', null],
      ['Zoo', 'Ess'],
    ]);
    expect(link('outer').linkedColumns.map(({ name }) => name)).to.deep.equal(['pc.fullname', 'family']);
  });

  it('reaches many-to-many rows through the intersect table', () => {
    const { rows } = entity(
      'systemuser',
      `<attribute name='fullname'/>
       <link-entity name='teammembership' from='systemuserid' to='systemuserid' intersect='true'>
         <link-entity name='team' from='teamid' to='teamid' alias='t'><attribute name='name'/></link-entity>
       </link-entity>`,
    );
    expect(rows.map(({ values, linked }) => [values.fullname, linked['t.name']])).to.deep.equal([
      ['Ada Byron', 'Night'],
    ]);
  });

  it('accepts conditions on link-entities in the filter of the entity', () => {
    const { rows } = entity(
      'account',
      `<attribute name='name'/><filter><condition entityname='pc' attribute='contactid' operator='null'/></filter>
       <link-entity name='contact' from='contactid' to='primarycontactid' alias='pc' link-type='outer'/>`,
    );
    expect(rows.map(({ values }) => values.name)).to.deep.equal(['Empty']);
  });

  for (const [type, found] of [
    ['any', ['Zoo']],
    ['not any', ['Empty']],
    ['all', []],
    ['not all', ['Zoo']],
  ] as const) {
    it(`filters by related rows: ${type}`, () => {
      const link = `<link-entity name='incident' from='customerid' to='accountid' link-type='${type}'>
        <filter><condition attribute='title' operator='eq' value='a'/></filter></link-entity>`;
      const { rows } = entity('account', `<attribute name='name'/><filter>${link}</filter>`);
      expect(rows.map(({ values }) => values.name)).to.deep.equal(found);
    });
  }

  it('orders choices by label, or by number with useraworderby, and lookups by name', () => {
    const titles = (options: string, attribute: string) =>
      entity('incident', `<attribute name='title'/><order attribute='${attribute}'/>`, options).rows.map(
        ({ values }) => values.title,
      );
    expect(titles('', 'prioritycode')).to.deep.equal(['a', 'b', 'ç']); // High, Low, Normal
    expect(titles("useraworderby='1'", 'prioritycode')).to.deep.equal(['a', 'ç', 'b']);
    expect(titles('', 'customerid')).to.deep.equal(['ç', 'a', 'b']);
  });

  it('pages with and without a paging cookie', () => {
    for (const withCookie of [true, false]) {
      const titles: unknown[] = [];
      let cookie = '';
      for (let page = 1; page <= 3; page++) {
        const escaped = cookie.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
        const options = `count='1' page='${page}' ${withCookie && cookie ? `paging-cookie="${escaped}"` : ''}`;
        const result = entity(
          'incident',
          "<attribute name='title'/><order attribute='title' descending='true'/>",
          options,
        );
        titles.push(...result.rows.map(({ values }) => values.title));
        expect(result.moreRecords).to.equal(page < 3);
        cookie = result.pagingCookie ?? '';
      }
      expect(titles).to.deep.equal(['ç', 'b', 'a']);
    }
  });

  it('counts all matches on request and limits rows with top', () => {
    const counted = entity(
      'incident',
      "<attribute name='title'/>",
      "returntotalrecordcount='true' count='1'",
    );
    expect(counted).to.include({ totalCount: 3, totalCountLimitExceeded: false, moreRecords: true });
    expect(entity('incident', '', "top='2'")).to.include({ totalCount: -1, moreRecords: false });
    expect(entity('incident', '', "top='2'").rows).to.have.length(2);
  });

  it('returns distinct values', () => {
    const { rows } = entity('incident', "<attribute name='statecode'/>", "distinct='true'");
    expect(rows.map(({ values }) => values)).to.deep.equal([{ statecode: 0 }]);
  });

  it('groups and aggregates, also by date parts', () => {
    const { aggregate } = entity(
      'incident',
      `<attribute name='incidentid' alias='n' aggregate='count'/>
       <attribute name='followupby' alias='dated' aggregate='countcolumn'/>
       <attribute name='followupby' alias='month' groupby='true' dategrouping='month'/>
       <order alias='n' descending='true'/>`,
      "aggregate='true'",
    );
    expect(aggregate!.rows).to.deep.equal([
      { n: 2, dated: 2, month: 2 },
      { n: 1, dated: 0, month: null },
    ]);
    const sums = entity(
      'account',
      "<attribute name='revenue' alias='s' aggregate='sum'/><attribute name='name' alias='k' groupby='true'/>",
      "aggregate='true'",
    );
    expect(sums.aggregate!.rows).to.deep.equal([
      { s: null, k: 'Empty' },
      { s: '10.0000', k: 'Zoo' },
    ]);
  });

  it('rejects invalid queries with Dataverse’s error codes', () => {
    for (const [code, xml] of [
      ['0x80040201', '<fetch><entity'],
      ['0x80040201', '<!DOCTYPE x [<!ENTITY a "b">]><fetch/>'],
      ['0x80041102', '<fetch/>'],
      ['0x80041102', "<fetch><entity name='nope'/></fetch>"],
      ['0x80041103', "<fetch><entity name='account'><attribute name='nope'/></entity></fetch>"],
      [
        '0x80041120',
        "<fetch><entity name='account'><filter><condition attribute='name' operator='eq; drop'/></filter></entity></fetch>",
      ],
      [
        '0x80041139',
        "<fetch><entity name='account'><filter><condition attribute='revenue' operator='eq' value='x'/></filter></entity></fetch>",
      ],
      [
        '0x80040203',
        "<fetch><entity name='account'><filter><condition attribute='revenue' operator='between' value='1'/></filter></entity></fetch>",
      ],
    ] as const) {
      expect(catchDataverseError(() => fetch(xml)).code, xml).to.equal(code);
    }
  });

  it('runs or rejects random queries without an internal error', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'account',
        'name',
        'accountid',
        'revenue',
        'eq',
        'like',
        'true',
        '1',
        'inner',
        'any',
        'top',
      ),
      fc.string({ maxLength: 8 }),
    );
    const safe = (text: string) => text.replace(/[^\w %-]/g, (sign) => `&#${sign.codePointAt(0)! + 32};`);
    const names = ['attribute', 'filter', 'condition', 'link-entity', 'order', 'value', 'all-attributes'];
    const keys = [
      'name',
      'attribute',
      'operator',
      'value',
      'from',
      'to',
      'alias',
      'link-type',
      'type',
      'groupby',
      'aggregate',
    ];
    const write = (name: string, attributes: Readonly<Record<string, string>>, inside: readonly string[]) => {
      const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${safe(value)}"`);
      return `<${name}${pairs.join('')}>${inside.join('')}</${name}>`;
    };
    const attributes = fc.dictionary(fc.constantFrom(...keys), word, { maxKeys: 4 });
    const { element } = fc.letrec<{ element: string }>((tie) => ({
      element: fc.oneof(
        { maxDepth: 3 },
        fc.tuple(fc.constantFrom(...names), attributes).map(([name, of]) => write(name, of, [])),
        fc
          .tuple(fc.constantFrom(...names), attributes, fc.array(tie('element'), { maxLength: 3 }))
          .map(([name, of, inside]) => write(name, of, inside)),
      ),
    }));
    const options = fc.constantFrom(
      '',
      'aggregate="true"',
      'distinct="true"',
      'page="2" count="1"',
      'top="x"',
    );
    fc.assert(
      fc.property(options, fc.array(element, { maxLength: 4 }), (option, inside) => {
        const xml = `<fetch ${option}><entity name="account">${inside.join('')}</entity></fetch>`;
        try {
          fetch(xml);
        } catch (error) {
          expect((error as Error).name, xml).to.equal('DataverseError');
          expect((error as Error).message).not.to.contain('SQL');
        }
      }),
      { numRuns: 800 },
    );
  });
});
