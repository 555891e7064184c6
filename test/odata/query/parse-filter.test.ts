import { expect } from 'chai';
import type { Filter, ParseResult } from '../../../src/odata/query/ast.ts';
import { parseFilter } from '../../../src/odata/query/parse-filter.ts';
import { printFilter } from '../../../src/odata/query/print-filter.ts';

const id = 'c65127ed-2097-e711-80eb-00155db75426';
const crm = 'Microsoft.Dynamics.CRM.';

/** A filter -> how it is printed; `undefined` where that is the same text. */
const accepted: readonly (readonly [string, string?])[] = [
  // From Microsoft's pages.
  ['revenue gt 100000'],
  ['revenue ne null'],
  ['firstname eq lastname'],
  ["lastname eq 'O''Bryan'"],
  ["contains(name,'(sample)') or contains(name,'test')"],
  ["not contains(name,'sample')"],
  ["(contains(name,'sample') or contains(name,'test')) and revenue gt 5000"],
  ["primarycontactid/fullname eq 'Susanna Stubberod (sample)'"],
  ["primarycontactid/createdby/fullname eq 'System Administrator'"],
  ['sample_filecolumn ne null'],
  [`${crm}Between(PropertyName='numberofemployees',PropertyValues=["5","2000"])`],
  ["Account_Emails/any(o:contains(o/subject,'sometext') and o/statecode eq 0)"],
  ['Account_Tasks/all(o:o/statecode eq 1)'],
  [
    "(teammembership_association/any(t:t/name eq 'CITTEST'))",
    "teammembership_association/any(t:t/name eq 'CITTEST')",
  ],
  [
    "(contact_customer_accounts/any(c:c/jobtitle eq 'jobtitle' and c/opportunity_customer_contacts/any(o:o/description ne 'N/A'))) and endswith(name,'Inc.')",
    "contact_customer_accounts/any(c:c/jobtitle eq 'jobtitle' and c/opportunity_customer_contacts/any(o:o/description ne 'N/A')) and endswith(name,'Inc.')",
  ],
  ['not opportunity_customer_accounts/any(o:o/description eq null and o/_originatingleadid_value eq null)'],
  [`OwnershipType eq ${crm}OwnershipTypes'UserOwned'`],
  ['CanCreateAttributes/Value eq true'],
  ['Type eq 0'],
  // Values.
  [`_ownerid_value eq ${id}`],
  [`accountid eq ${id.toUpperCase()}`, `accountid eq ${id}`],
  [`_owninguser_value eq '${id}'`],
  ['revenue ge -0.50'],
  ['revenue lt 12345678901234567890.123456789'],
  ['address1_latitude gt 1.5e-3'],
  ['birthdate eq 2024-02-29'],
  ['createdon ge 2024-01-01T00:00:00Z'],
  ['createdon le 2024-01-01T00:00:00.123+05:30'],
  ['createdon ge 2024-01-01T10:00Z'],
  ["name eq ''"],
  ["name eq 'a and (b'"],
  ["name eq 'Größe 日本 🚀'"],
  ['0 lt revenue'],
  // Precedence and form.
  ['a eq 1 and b eq 2 or c eq 3'],
  ['a eq 1 or b eq 2 and c eq 3'],
  ['(a eq 1 and b eq 2) or c eq 3', 'a eq 1 and b eq 2 or c eq 3'],
  ['a eq 1 and (b eq 2 and c eq 3)'],
  ['((a eq 1))', 'a eq 1'],
  ['not (a eq 1)'],
  ['not (a eq 1 or b eq 2)'],
  ["not not contains(a,'x')"],
  ['  a   eq\n1\t', 'a eq 1'],
  // Collections.
  ['Account_Tasks/any()'],
  ["ownerid/Microsoft.Dynamics.CRM.systemuser/domainname eq 'a'"],
  ["Keys/any(k:k/KeyAttributes/any(a:a eq 'name'))"],
  // Query functions.
  [`${crm}Today(PropertyName='createdon')`],
  [`${crm}LastXHours(PropertyName='modifiedon',PropertyValue=5)`],
  [`${crm}On(PropertyName='createdon',PropertyValue='2024-01-31')`],
  [`${crm}Under(PropertyName='parentaccountid',PropertyValue=${id})`],
  [`${crm}InFiscalPeriodAndYear(PropertyName='createdon',PropertyValue1=2,PropertyValue2=2025)`],
  [
    `${crm}ContainValues(PropertyName='choices',PropertyValues=['1','2'])`,
    `${crm}ContainValues(PropertyName='choices',PropertyValues=["1","2"])`,
  ],
  [`${crm}NotIn(PropertyName='prioritycode',PropertyValues=[1,2,null,true])`],
  [
    `${crm}In(PropertyValues=["a\\u0062\\"'"],PropertyName='x')`,
    `${crm}In(PropertyName='x',PropertyValues=["ab\\"'"])`,
  ],
  [`${crm}In(PropertyName='x',PropertyValues=[])`],
  [`Account_Tasks/any(t:t/${crm}LastXDays(PropertyName='createdon',PropertyValue=7))`],
];

describe('parseFilter', () => {
  for (const [text, printed = text] of accepted) {
    it(`reads ${text}`, () => {
      expect(printFilter(accept(parseFilter(text)))).to.equal(printed);
    });
  }

  it('gives every node its span', () => {
    const filter = accept(parseFilter("  (a/b eq 1 and not contains( name , 'x''y' ))"));
    expect(filter).to.deep.equal({
      kind: 'and',
      start: 3,
      end: 45,
      terms: [
        {
          kind: 'compare',
          operator: 'eq',
          start: 3,
          end: 11,
          left: { kind: 'path', segments: ['a', 'b'], start: 3, end: 6 },
          right: { kind: 'number', text: '1', start: 10, end: 11 },
        },
        {
          kind: 'not',
          start: 16,
          end: 45,
          term: {
            kind: 'text',
            name: 'contains',
            start: 20,
            end: 45,
            path: { kind: 'path', segments: ['name'], start: 30, end: 34 },
            value: { kind: 'string', value: "x'y", start: 37, end: 43 },
          },
        },
      ],
    });
  });

  it('appends the column of a query function to its path', () => {
    const filter = accept(parseFilter(`t/${crm}Today(PropertyName='createdon')`));
    expect(filter).to.deep.include({ kind: 'function', name: 'Today', values: [] });
    expect(filter).to.have.nested.property('path.segments').that.deep.equals(['t', 'createdon']);
  });

  it('replaces aliases by their values (columns and lists too), with the span of the alias', () => {
    const aliases = new Map([
      ['@p1', "'lastname'"],
      ['@p2', '["OBrian","O\'Brian"]'],
      ['@p3', 'revenue'],
      ['@p4', '5'],
    ]);
    const text = `${crm}In(PropertyName=@p1,PropertyValues=@p2) and @p3 gt @p4`;
    const filter = accept(parseFilter(text, aliases));
    const printed = `${crm}In(PropertyName='lastname',PropertyValues=["OBrian","O'Brian"]) and revenue gt 5`;
    expect(printFilter(filter)).to.equal(printed);
    const right = { kind: 'number', text: '5', start: text.indexOf('@p4'), end: text.length };
    expect(filter).to.have.nested.property('terms[1].right').that.deep.equals(right);
  });

  it('reads an alias without a value as null, as Dataverse does', () => {
    expect(printFilter(accept(parseFilter('revenue ne @p1', new Map())))).to.equal('revenue ne null');
  });

  it('rejects an alias inside the value of an alias', () => {
    const parsed = parseFilter('a eq @p1', new Map([['@p1', '@p1']]));
    expect(parsed).to.have.nested.property('diagnostics[0]').that.deep.include({ start: 5, end: 8 });
  });

  it('reads a column name in an alias as a column: aliases do not prevent injection', () => {
    const filter = accept(parseFilter('name eq @p1', new Map([['@p1', 'emailaddress1']])));
    expect(filter).to.have.nested.property('right.kind', 'path');
  });
});

function accept(parsed: ParseResult<Filter>): Filter {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.value;
}
