import { expect } from 'chai';
import { checkFetchXml } from '../../../src/odata/fetchxml/check-fetchxml.ts';
import { standardSchema } from '../../support/metadata.ts';

const schema = standardSchema();
const check = (text: string) => checkFetchXml(text, schema);
const cases = (inside: string) => `<fetch>\n  <entity name="incident">\n    ${inside}\n  </entity>\n</fetch>`;
const condition = (attributes: string) => cases(`<filter><condition ${attributes} /></filter>`);

const link = (...attributes: readonly string[]) =>
  cases(
    attributes.map((one) => `<link-entity name="account" from="accountid" to="customerid" ${one}/>`).join(''),
  );
const total = (attributes: string, column = 'title', more = '') =>
  `<fetch aggregate="true"><entity name="incident"><attribute name="${column}" ${attributes}/>${more}</entity></fetch>`;

describe('checkFetchXml', () => {
  it('accepts a valid query', () => {
    const text = cases(`
      <attribute name='title' alias="t"/>
      <filter type="or">
        <condition attribute="statecode" operator="in"><value>0</value><value>1</value></condition>
        <condition attribute="ownerid" operator="eq-userid" />
        <condition attribute="createdon" operator="last-x-days" value="7" />
        <condition entityname="a" attribute="name" operator="like" value="%A &amp; B%" />
      </filter>
      <order attribute="createdon" descending="true" />
      <link-entity name="account" from="accountid" to="customerid" alias="a"><attribute name="name"/></link-entity>`);
    expect(check(text).diagnostics).to.deep.equal([]);
  });

  it('reports a value without quotes', () => {
    const found = check('<fetch top=1><entity name="incident" /></fetch>');
    expect(JSON.stringify(found)).to.include('Q170');
  });

  it('accepts the virtual columns of lookups and choices, and totals', () => {
    const text = `<fetch aggregate="true"><entity name="incident">
      <attribute name="incidentid" alias="n" aggregate="count"/><attribute name="prioritycodename" alias="p" groupby="true"/>
      <order alias="n"/><filter><condition attribute="customeridname" operator="like" value="A%"/></filter></entity></fetch>`;
    expect(check(text).diagnostics).to.deep.equal([]);
  });

  it('reports the span of a wrong name and corrects it', () => {
    const text = cases('<attribute name="titel"/>');
    const { diagnostics, corrected } = check(text);
    expect(diagnostics.map(({ code, start, end }) => [code, text.slice(start, end)])).to.deep.equal([
      ['Q110', 'titel'],
    ]);
    expect(corrected).to.equal(text.replace('titel', 'title'));
  });

  const repaired: readonly (readonly [promise: string, wrong: string, right: string])[] = [
    [
      'uses the logical name of a lookup',
      '<attribute name="_ownerid_value"/>',
      '<attribute name="ownerid"/>',
    ],
    [
      'corrects an operator',
      '<filter><condition attribute="title" operator="contains" value="%x%"/></filter>',
      '<filter><condition attribute="title" operator="like" value="%x%"/></filter>',
    ],
    [
      'writes a choice as its number',
      '<filter><condition attribute="prioritycode" operator="eq" value="High"/></filter>',
      '<filter><condition attribute="prioritycode" operator="eq" value="1"/></filter>',
    ],
    [
      'checks joined tables',
      '<link-entity name="account" from="acountid" to="customerid"/>',
      '<link-entity name="account" from="accountid" to="customerid"/>',
    ],
  ];
  for (const [promise, wrong, right] of repaired)
    it(promise, () => expect(check(cases(wrong)).corrected).to.equal(cases(right)));

  const rejected: readonly (readonly [code: string, at: string, text: string])[] = [
    ['Q170', '>', '<fetch><entity name="incident">'],
    ['Q170', '&', '<!DOCTYPE x [<!ENTITY y "z">]><fetch a="&y;"/>'],
    ['Q171', 'query', '<query/>'],
    ['Q171', 'fetch', '<fetch/>'],
    ['Q171', 'entity', '<fetch><entity/></fetch>'],
    ['Q171', 'entity', '<fetch><entity name="incident"/><entity name="contact"/></fetch>'],
    ['Q171', 'atribute', cases('<atribute name="title"/>')],
    ['Q171', 'attribute', cases('<attribute/>')],
    ['Q171', 'tpo', '<fetch tpo="5"><entity name="incident"/></fetch>'],
    ['Q171', 'many', '<fetch top="many"><entity name="incident"/></fetch>'],
    ['Q171', 'maybe', '<fetch distinct="maybe"><entity name="incident"/></fetch>'],
    ['Q171', 'xor', cases('<filter type="xor"/>')],
    ['Q171', 'left', link('link-type="left"')],
    ['Q105', 'acount', cases('<link-entity name="acount" from="accountid" to="customerid"/>')],
    ['Q105', 'incidnt', '<fetch><entity name="incidnt"/></fetch>'],
    ['Q172', 'today', condition('attribute="title" operator="today"')],
    ['Q172', 'like', condition('attribute="title" operator="like" valueof="description"')],
    ['Q172', 'contain-values', condition('attribute="prioritycode" operator="contain-values" value="1"')],
    ['Q173', 'condition', condition('attribute="title" operator="eq"')],
    ['Q173', 'condition', condition('attribute="title" operator="null" value="x"')],
    ['Q173', 'condition', condition('attribute="prioritycode" operator="in" value=""')],
    ['Q173', 'seven', condition('attribute="createdon" operator="last-x-days" value="seven"')],
    ['Q174', 'nolink', condition('entityname="nolink" attribute="name" operator="null"')],
    ['Q174', 'nolink', condition('attribute="title" operator="eq" valueof="nolink.name"')],
    ['Q174', 'nolink', cases('<order entityname="nolink" attribute="name"/>')],
    ['Q174', 'how many', total('alias="how many" aggregate="count"')],
    ['Q174', '1st', total('alias="1st" aggregate="count"')],
    ['Q174', 'a', link('alias="a"', 'alias="a"')],
    ['Q174', 'n', cases('<attribute name="title" alias="n"/><attribute name="description" alias="n"/>')],
    ['Q174', 'link-entity', link(...Array.from({ length: 16 }, () => ''))],
    [
      'Q174',
      'attribute',
      cases(
        `<link-entity name="account" from="accountid" to="customerid" link-type="exists"><attribute name="name"/></link-entity>`,
      ),
    ],
    [
      'Q174',
      'link-entity',
      cases('<filter><link-entity name="account" from="accountid" to="customerid"/></filter>'),
    ],
    ['Q175', 'total', total('alias="n" aggregate="total"')],
    ['Q175', 'attribute', total('aggregate="count"')],
    ['Q175', 'attribute', total('alias="n"')],
    ['Q175', 'groupby', total('alias="n" aggregate="count" groupby="true"')],
    ['Q175', 'hour', total('alias="n" groupby="true" dategrouping="hour"', 'createdon')],
    ['Q175', 'day', total('alias="n" groupby="true" dategrouping="day"', 'title')],
    ['Q150', 'sum', total('alias="n" aggregate="sum"', 'title')],
    ['Q175', 'zzz', total('alias="n" aggregate="count"', 'title', '<order alias="zzz"/>')],
    ['Q175', 'order', total('alias="n" aggregate="count"', 'title', '<order attribute="title"/>')],
    ['Q175', 'alias', cases('<order alias="n"/>')],
    ['Q176', 'top', '<fetch top="5" page="2"><entity name="incident"/></fetch>'],
    ['Q176', 'top', '<fetch top="5" returntotalrecordcount="true"><entity name="incident"/></fetch>'],
    ['Q110', 'titel', condition('attribute="description" operator="eq" valueof="titel"')],
    ['Q120', 'createdon', condition('attribute="title" operator="eq" valueof="createdon"')],
    ['Q120', 'soon', condition('attribute="createdon" operator="gt" value="soon"')],
    ['Q120', 'Ann', condition('attribute="ownerid" operator="eq" value="Ann"')],
    ['Q121', 'Highest', condition('attribute="prioritycode" operator="eq" value="Highest"')],
  ];
  for (const [code, at, text] of rejected) {
    it(`reports ${code} at ${at} in ${text.replace(/\s+/g, ' ').slice(0, 120)}`, () => {
      const [first] = check(text).diagnostics.filter(({ severity }) => severity === 'error');
      expect([first?.code, first && text.slice(first.start, first.end)]).to.deep.equal([code, at]);
      if (code !== 'Q170') expect(first?.fix).to.be.a('string');
    });
  }

  it('reports a bare “&” where it stands, and writes it as a reference', () => {
    const text = condition('attribute="title" operator="eq" value="H&M"');
    const { diagnostics, corrected } = check(text);
    expect(diagnostics.map(({ code, start }) => [code, start])).to.deep.equal([['Q170', text.indexOf('&')]]);
    expect(diagnostics[0]?.fix).to.include('&amp;');
    expect(corrected).to.equal(text.replace('&', '&amp;'));
  });

  it('warns about a choice that does not exist', () => {
    const { diagnostics } = check(condition('attribute="prioritycode" operator="eq" value="9"'));
    expect(diagnostics.map(({ code, severity }) => [code, severity])).to.deep.equal([['Q122', 'warning']]);
  });

  it('warns about an attribute that is like no other', () => {
    const { diagnostics } = check('<fetch zzzzzzzzzz="1"><entity name="incident"/></fetch>');
    expect(diagnostics.map(({ code, severity }) => [code, severity])).to.deep.equal([['Q171', 'warning']]);
  });

  it('warns of a link of type any, not any, all or not all that is in no filter', () => {
    for (const type of ['any', 'not any', 'all', 'not all']) {
      const { diagnostics } = check(link(`link-type="${type}"`));
      expect(diagnostics.map(({ code, severity }) => [code, severity])).to.deep.equal([['Q174', 'warning']]);
    }
    for (const type of ['exists', 'in', 'inner', 'outer'])
      expect(check(link(`link-type="${type}"`)).diagnostics).to.deep.equal([]);
  });

  it('reports elements that are nested too deeply', () => {
    const text = cases(`${'<filter>'.repeat(200)}${'</filter>'.repeat(200)}`);
    expect(check(text).diagnostics.map(({ code }) => code)).to.deep.equal(['Q170']);
  });

  const accepted: readonly (readonly [kind: string, text: string])[] = [
    [
      'value="" beside <value> elements',
      cases(
        '<filter><condition attribute="statecode" operator="in" value=""><value>0</value></condition></filter>',
      ),
    ],
    [
      'value="" of an operator without values',
      condition('attribute="ownerid" operator="eq-userid" value=""'),
    ],
    ['the empty text as a value', condition('attribute="title" operator="eq" value=""')],
    ['the name of a state', condition('attribute="statecode" operator="eq" value="Resolved"')],
    [
      'an order by a joined table',
      cases(
        '<link-entity name="account" from="accountid" to="customerid" alias="a"/><order entityname="a" attribute="name"/>',
      ),
    ],
    [
      'a link by the name of its table',
      cases(
        '<filter><condition entityname="account" attribute="name" operator="null"/></filter><link-entity name="account" from="accountid" to="customerid" link-type="outer"/>',
      ),
    ],
    ['a link without from', cases('<link-entity name="account" to="customerid"/>')],
    ['the first row of a join', link('link-type="matchfirstrowusingcrossapply"')],
    [
      'options and attributes of tools',
      '<fetch xmlns:generator="a.b" options="ForceOrder" latematerialize="true" no-lock="true" datasource="retained" useraworderby="1"><entity name="incident"/></fetch>',
    ],
    [
      'the number of children',
      cases('<attribute name="incidentid" alias="n" rowaggregate="CountChildren"/>'),
    ],
    [
      'a limit of rows to aggregate',
      '<fetch aggregate="true" aggregatelimit = "10"><entity name="incident"><attribute name="title" alias="n" aggregate="count"/></entity></fetch>',
    ],
    [
      'companions of columns',
      cases(
        '<attribute name="customeridname"/><attribute name="owneridtype"/><attribute name="customeridyominame"/>',
      ),
    ],
    [
      'a hint and a filter link',
      cases(
        '<filter type="or" hint="union"><link-entity name="task" from="regardingobjectid" to="incidentid" link-type="not any"/></filter>',
      ),
    ],
    ['text between elements', cases(`" + "<attribute name='title'/>" + "`)],
    ['a text compared with an id', condition('attribute="title" operator="eq" valueof="incidentid"')],
    [
      'one alias for a link and a column',
      cases(
        '<link-entity name="account" from="accountid" to="customerid" alias="a"><attribute name="name" alias="a"/></link-entity>',
      ),
    ],
  ];
  for (const [kind, text] of accepted)
    it(`accepts ${kind}`, () => expect(check(text).diagnostics).to.deep.equal([]));
});
