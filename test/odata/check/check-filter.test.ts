import { expect } from 'chai';
import { checkOption } from '../../../src/odata/check/check-option.ts';
import { indexTable } from '../../../src/odata/check/table-index.ts';
import { standardSchema } from '../../support/metadata.ts';

const schema = standardSchema();
const id = '5f2b6a1c-0d3e-4f5a-8b7c-9d0e1f2a3b4c';
const crm = 'Microsoft.Dynamics.CRM.';

const check = (text: string, table = 'incident') =>
  checkOption('$filter', text, { schema, table: schema.table(table) });

/** Filters on cases that Dataverse takes as they are. */
const right: readonly string[] = [
  `_ownerid_value eq ${id}`,
  `${id} eq _ownerid_value`,
  "title eq 'Printer' and not (statecode eq 1 or statecode eq 2)",
  "contains(title,'50[%]') or startswith(ticketnumber,'CAS-')",
  'createdon ge 2026-01-31T08:00:00Z and createdon lt 2026-02-01',
  "primarycontactid/fullname eq 'Ann' and customerid_account/name ne null",
  "Incident_Tasks/any(t:t/subject eq 'x' and t/statecode eq 0)",
  'Incident_Tasks/any()',
  `${crm}Today(PropertyName='createdon')`,
  `${crm}In(PropertyName='prioritycode',PropertyValues=["1","2"])`,
  `${crm}EqualUserId(PropertyName='ownerid')`,
  `${crm}EqualRoleBusinessId(PropertyName='owningbusinessunit')`,
  `Incident_Tasks/any(t:t/${crm}Today(PropertyName='createdon'))`,
  'isescalated eq true and null ne title',
  'createdon eq modifiedon',
  `ownerid/${crm}systemuser/domainname eq 'ann@contoso.com'`,
];

/** What people write -> what they meant. */
const repaired: Readonly<Record<string, readonly (readonly [wrong: string, right: string])[]>> = {
  'compares a lookup by its id column': [
    [`ownerid eq ${id}`, `_ownerid_value eq ${id}`],
    [`customerid eq '${id}'`, `_customerid_value eq ${id}`],
    [`OwnerId eq {${id}}`, `_ownerid_value eq ${id}`],
    [`_ownerid_value eq guid'${id}'`, `_ownerid_value eq ${id}`],
  ],
  'uses the navigation property for the name of a lookup': [
    ["customer/name eq 'Contoso'", "customerid_account/name eq 'Contoso'"],
    ["customerid/fullname eq 'Ann'", "customerid_contact/fullname eq 'Ann'"],
    ["_primarycontactid_value eq 'Ann'", "primarycontactid/fullname eq 'Ann'"],
    ["contains(primarycontactid,'Ann')", "contains(primarycontactid/fullname,'Ann')"],
  ],
  'corrects misspelled names, wrong case and display names': [
    ["titel eq 'x'", "title eq 'x'"],
    ["Title eq 'x'", "title eq 'x'"],
    ["Case Number eq 'CAS-1'", "ticketnumber eq 'CAS-1'"],
    ["'Case Number' eq 'CAS-1'", "ticketnumber eq 'CAS-1'"],
    ["[Case Number] eq 'CAS-1'", "ticketnumber eq 'CAS-1'"],
    ["incident_tasks/any(t:t/subject eq 'x')", "Incident_Tasks/any(t:t/subject eq 'x')"],
  ],
  'compares a choice with its number': [
    ["prioritycode eq 'High'", 'prioritycode eq 1'],
    ['prioritycode eq High', 'prioritycode eq 1'],
    ["statecode ne '1'", 'statecode ne 1'],
    ["prioritycode eq 'Hihg'", 'prioritycode eq 1'],
    ["contains(prioritycode,'High')", 'prioritycode eq 1'],
    [
      `${crm}In(PropertyName='prioritycode',PropertyValues=["High"])`,
      `${crm}In(PropertyName='prioritycode',PropertyValues=["1"])`,
    ],
    ["isescalated eq 'Yes'", 'isescalated eq true'],
  ],
  'converts a value to the type of its column': [
    ['title eq 5', "title eq '5'"],
    ['title eq Printer', "title eq 'Printer'"],
    ['title eq Printer on fire', "title eq 'Printer on fire'"],
    ["numberofchildincidents gt '3'", 'numberofchildincidents gt 3'],
    ["createdon gt '2026-01-31'", 'createdon gt 2026-01-31'],
    ['createdon gt 2026-01-31T08:00:00', 'createdon gt 2026-01-31T08:00:00Z'],
    ["createdon gt datetime'2026-01-31T08:00:00'", 'createdon gt 2026-01-31T08:00:00Z'],
    ["isescalated eq 'true'", 'isescalated eq true'],
  ],
  'converts other dialects': [
    ["title = 'x' && statecode != 1", "title eq 'x' and statecode ne 1"],
    ["TITLE EQ 'x' AND statecode EQ 0", "title eq 'x' and statecode eq 0"],
    ["substringof('x',title) eq true", "contains(title,'x')"],
    ["contains(tolower(title),'x')", "contains(title,'x')"],
    ["tolower(title) eq 'x'", "title eq 'x'"],
    ["title like '%fire%'", "contains(title,'fire')"],
    ["indexof(title,'x') ge 0", "contains(title,'x')"],
    ['length(title) gt 0', 'title ne null'],
    ['statecode in (0,1)', `${crm}In(PropertyName='statecode',PropertyValues=["0","1"])`],
    ['year(createdon) eq 2026', '(createdon ge 2026-01-01T00:00:00Z and createdon lt 2027-01-01T00:00:00Z)'],
    ['date(createdon) eq 2026-01-31', `${crm}On(PropertyName='createdon',PropertyValue='2026-01-31')`],
    ["Today(PropertyName='createdon')", `${crm}Today(PropertyName='createdon')`],
    ["contains(title,'x') eq false", "not contains(title,'x')"],
    [`${crm}Contains(PropertyName='title',PropertyValue='it''s')`, "contains(title,'it''s')"],
    [`${crm}Tody(PropertyName='createdon')`, `${crm}Today(PropertyName='createdon')`],
    [
      `statecode eq 0 and ${crm}Betwen(PropertyName='createdon',PropertyValues=["1","2"])`,
      `statecode eq 0 and ${crm}Between(PropertyName='createdon',PropertyValues=["1","2"])`,
    ],
    ['title eq "x"', "title eq 'x'"],
  ],
  'adds missing quotes and parentheses': [
    ["title eq 'x and statecode eq 0", "title eq 'x' and statecode eq 0"],
    ["title eq 'O'Brien'", "title eq 'O''Brien'"],
    [
      "(statecode eq 0 or statecode eq 1 and title eq 'x'",
      "(statecode eq 0 or statecode eq 1) and title eq 'x'",
    ],
    [
      "statecode eq 0 or statecode eq 1) and title eq 'x'",
      "(statecode eq 0 or statecode eq 1) and title eq 'x'",
    ],
    ["contains(title,'x' and statecode eq 0", "contains(title,'x') and statecode eq 0"],
    ['not statecode eq 1', 'not (statecode eq 1)'],
    ['isescalated', 'isescalated eq true'],
  ],
  'uses any() for collections': [
    ["Incident_Tasks/subject eq 'x'", "Incident_Tasks/any(o:o/subject eq 'x')"],
    ["contains(Incident_Tasks/subject,'x')", "Incident_Tasks/any(o:contains(o/subject,'x'))"],
    ["Incident_Tasks/any(t:subject eq 'x')", "Incident_Tasks/any(t:t/subject eq 'x')"],
  ],
};

describe('checkOption: $filter', () => {
  for (const text of right) it(`accepts ${text}`, () => expect(check(text).diagnostics).to.deep.equal([]));

  for (const [promise, pairs] of Object.entries(repaired)) {
    for (const [wrong, meant] of pairs)
      it(`${promise}: ${wrong}`, () => expect(check(wrong).corrected).to.equal(meant));
  }

  it('reports all errors at once, with spans in the original text', () => {
    const text = "titel = 'x' and prioritycode eq High and statuscod eq 1";
    const { diagnostics, corrected } = check(text);
    expect(diagnostics.map(({ start, end }) => text.slice(start, end))).to.deep.equal([
      'titel',
      '=',
      'High',
      'statuscod',
    ]);
    expect(corrected).to.equal("title eq 'x' and prioritycode eq 1 and statuscode eq 1");
  });

  it('does not change the arguments of a function that Dataverse does not have', () => {
    for (const call of [`${crm}NotUserId(PropertyName='ownerid')`, "frobnicate(title,'x')"]) {
      const { diagnostics, corrected } = check(`statecode eq 0 and ${call}`);
      expect(diagnostics.map(({ code }) => code)).to.deep.equal(['Q102']);
      expect(diagnostics[0]).to.have.property('fix').and.not.to.have.property('edit');
      expect(corrected).to.equal(undefined);
    }
  });

  it('lists the choices if no label is similar', () => {
    const [diagnostic] = check("prioritycode eq 'Purple'").diagnostics;
    expect(diagnostic).to.include({ severity: 'error', code: 'Q121' });
    expect(diagnostic!.fix).to.equal('Its values: 1 High, 2 Normal, 3 Low.');
    expect(check('prioritycode eq 99').diagnostics[0]).to.include({ severity: 'warning', code: 'Q122' });
  });

  it('warns about wildcards that match every row or have no effect', () => {
    expect(check("contains(title,'%')").diagnostics[0]).to.include({ severity: 'warning', code: 'Q130' });
    expect(check("contains(title,'')").diagnostics[0]).to.include({ severity: 'warning', code: 'Q130' });
    expect(check("startswith(title,'a%')")).to.deep.include({ corrected: "startswith(title,'a')" });
  });

  it('reports errors that cannot be repaired, without a correction', () => {
    for (const text of [
      '1 eq 1',
      'title gt null',
      `title eq ownerid`,
      'createdon eq title',
      `${crm}Today(PropertyName='title')`,
      'title/any(t:t/x eq 1)',
    ]) {
      const { diagnostics, corrected } = check(text);
      expect(diagnostics[0]?.severity, text).to.equal('error');
      expect(corrected, text).to.equal(undefined);
    }
  });

  it('does not check names without metadata', () => {
    const { diagnostics } = checkOption('$filter', "anything/at eq 'all' and other eq 5", {
      schema,
      table: undefined,
    });
    expect(diagnostics).to.deep.equal([]);
  });

  it('does not repeat a value in a message', () => {
    for (const text of [
      "prioritycode eq 'secret'",
      "numberofchildincidents eq 'secret'",
      "_ownerid_value eq 'secret'",
    ]) {
      for (const { message } of check(text).diagnostics) expect(message).to.not.contain('secret');
    }
  });
});

describe('checkOption on a column of several choices', () => {
  const shop = indexTable({
    name: 'new_shop',
    entitySet: 'new_shops',
    title: 'Shop',
    plural: 'Shops',
    key: 'new_shopid',
    columns: [
      {
        name: 'new_areas',
        title: 'Areas',
        type: 'choices',
        choices: [
          { value: 100000000, label: 'North' },
          { value: 100000001, label: 'South' },
        ],
      },
    ],
    navigations: [],
    alternateKeys: [],
  });
  const checkShop = (text: string) =>
    checkOption('$filter', text, { schema: { table: () => shop }, table: shop });

  const repaired: readonly (readonly [wrong: string, values: string])[] = [
    ["contains(new_areas,'100000000')", '["100000000"]'],
    ["contains(new_areas,'South')", '["100000001"]'],
    ["contains(new_areas,'North,100000001')", '["100000000","100000001"]'],
  ];
  for (const [wrong, values] of repaired)
    it(`writes ContainValues for ${wrong}`, () => {
      const right = `${crm}ContainValues(PropertyName='new_areas',PropertyValues=${values})`;
      const { diagnostics, corrected } = checkShop(wrong);
      expect(diagnostics[0]?.fix).to.include(right);
      expect(corrected).to.equal(right);
      expect(checkShop(right).diagnostics).to.deep.equal([]);
    });

  it('names ContainValues when a choice is unknown', () => {
    expect(checkShop("contains(new_areas,'East')").diagnostics[0]?.fix).to.include('ContainValues');
  });
});
