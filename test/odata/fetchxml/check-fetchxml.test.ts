import { expect } from 'chai';
import { checkFetchXml } from '../../../src/odata/fetchxml/check-fetchxml.ts';
import { standardSchema } from '../../support/metadata.ts';

const schema = standardSchema();
const check = (text: string) => checkFetchXml(text, schema);
const cases = (inside: string) => `<fetch>\n  <entity name="incident">\n    ${inside}\n  </entity>\n</fetch>`;
const condition = (attributes: string) => cases(`<filter><condition ${attributes} /></filter>`);

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

  const rejected: readonly (readonly [code: string, text: string])[] = [
    ['Q170', '<fetch><entity name="incident">'],
    ['Q170', '<!DOCTYPE x [<!ENTITY y "z">]><fetch/>'],
    ['Q171', '<query/>'],
    ['Q171', '<fetch/>'],
    ['Q171', cases('<atribute name="title"/>')],
    ['Q172', condition('attribute="title" operator="today"')],
    ['Q173', condition('attribute="title" operator="eq"')],
    ['Q173', condition('attribute="title" operator="null" value="x"')],
    ['Q120', condition('attribute="createdon" operator="gt" value="soon"')],
    ['Q120', condition('attribute="ownerid" operator="eq" value="Ann"')],
  ];
  for (const [code, text] of rejected) {
    it(`reports ${code} for ${text.replace(/\s+/g, ' ').slice(0, 90)}`, () =>
      expect(check(text).diagnostics[0]?.code).to.equal(code));
  }
});
