import { expect } from 'chai';
import fc from 'fast-check';
import { type CheckedOptionName, checkOption } from '../../../src/odata/check/check-option.ts';
import { checkQuery } from '../../../src/odata/check/check-query.ts';
import { standardSchema } from '../../support/metadata.ts';

const schema = standardSchema();
const check = (name: CheckedOptionName, text: string, table = 'incident') =>
  checkOption(name, text, { schema, table: schema.table(table) });

const right: readonly (readonly [CheckedOptionName, string])[] = [
  ['$select', 'title,_ownerid_value,createdon'],
  ['$select', '*'],
  ['$orderby', 'createdon desc,title'],
  ['$orderby', 'primarycontactid/fullname'],
  [
    '$expand',
    'primarycontactid($select=fullname;$expand=parentcustomerid_account($select=name)),Incident_Tasks($filter=statecode eq 0)',
  ],
  ['$expand', 'Incident_Tasks($filter=statecode eq 0;$orderby=createdon desc;$top=5)'],
  ['$expand', 'primarycontactid/$ref'],
  [
    '$apply',
    'filter(statecode eq 0)/groupby((prioritycode),aggregate($count as total,onholdtime with sum as held))',
  ],
];

const repaired: readonly (readonly [CheckedOptionName, string, string])[] = [
  ['$select', 'Title,customerid,createdon2', 'title,_customerid_value,createdon'],
  ['$select', 'title,ownerid', 'title,_ownerid_value'],
  ['$select', 'Case Number,title', 'ticketnumber,title'],
  ['$orderby', 'CreatedOn DESC', 'createdon desc'],
  ['$orderby', 'createdon descending', 'createdon desc'],
  ['$orderby', 'primarycontactid', '_primarycontactid_value'],
  ['$expand', 'PrimaryContactId($select=fullname)', 'primarycontactid($select=fullname)'],
  ['$expand', 'customerid($select=fullname)', 'customerid_contact($select=fullname)'],
  ['$expand', 'customerid($select=name)', 'customerid_account($select=name)'],
  ['$expand', 'primarycontactid($select=fulname)', 'primarycontactid($select=fullname)'],
  ['$expand', 'Incident_Tasks/$ref', 'Incident_Tasks'],
  ['$expand', 'primarycontactid($select=fullname', 'primarycontactid($select=fullname)'],
  [
    '$apply',
    'groupby((prioritycod),aggregate(onholdtim with sum as held))',
    'groupby((prioritycode),aggregate(onholdtime with sum as held))',
  ],
];

describe('checkOption: $select, $orderby, $expand and $apply', () => {
  for (const [name, text] of right)
    it(`accepts ${name}=${text}`, () => expect(check(name, text).diagnostics).to.deep.equal([]));
  for (const [name, wrong, meant] of repaired) {
    it(`repairs ${name}=${wrong}`, () => expect(check(name, wrong).corrected).to.equal(meant));
  }

  it('rejects a column in $expand', () => {
    expect(check('$expand', 'title').diagnostics[0]).to.include({
      code: 'Q140',
      fix: 'Write $select=title.',
    });
  });

  it('limits the number of expands, with the nested ones', () => {
    const many = Array.from({ length: 16 }, () => 'primarycontactid').join(',');
    expect(check('$expand', many).diagnostics.map(({ code }) => code)).to.include('Q142');
  });

  it('rejects a sum of text and a total with the name of a column', () => {
    expect(check('$apply', 'aggregate(title with sum as total)').diagnostics[0]!.code).to.equal('Q150');
    expect(check('$apply', 'aggregate($count as title)').diagnostics[0]!.code).to.equal('Q151');
  });
});

describe('checkQuery', () => {
  const query = (texts: Readonly<Record<string, string>>) =>
    checkQuery(texts, schema, schema.table('incident'));
  const codes = (texts: Readonly<Record<string, string>>) =>
    query(texts).options.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code));

  it('reports unsupported options with an alternative', () => {
    expect(codes({ $skip: '10', $search: 'x', $format: 'json' })).to.deep.equal(['Q103', 'Q103', 'Q103']);
    expect(query({ filter: 'statecode eq 0', $OrderBy: 'title' }).corrected).to.deep.equal({
      $filter: 'statecode eq 0',
      $orderby: 'title',
    });
    expect(
      codes({ fetchXml: '<fetch/>', tag: 'x', $skiptoken: 'y', $count: 'true', $top: '5' }),
    ).to.deep.equal([]);
  });

  it('accepts a column of the groups in $orderby, and rejects a total', () => {
    const $apply = 'groupby((statuscode),aggregate($count as total))';
    expect(codes({ $apply, $orderby: 'statuscode desc' })).to.deep.equal([]);
    expect(codes({ $apply, $orderby: 'total desc' })).to.deep.equal(['Q116']);
  });

  it('reports what cannot be expanded or aggregated together', () => {
    const nested = 'Incident_Tasks($expand=createdby_task($select=fullname)';
    expect(codes({ $expand: `${nested})` })).to.deep.equal([]);
    expect(codes({ $expand: `${nested};$top=1)` })).to.deep.equal(['Q141']);
    expect(codes({ $expand: 'primarycontactid($orderby=fullname)' })).to.deep.equal(['Q141']);
    expect(codes({ $expand: 'Incident_Tasks($orderby=subject;$top=3)' })).to.deep.equal([]);
    expect(codes({ $apply: 'groupby((createdon))' })).to.deep.equal(['Q150']);
    expect(codes({ $apply: 'aggregate($count as n,onholdtime with sum as n)' })).to.deep.equal(['Q151']);
  });

  it('rejects a query function whose value is no number', () => {
    const lastDays = (value: string) =>
      codes({ $filter: `Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=${value})` });
    expect([lastDays('7'), lastDays("'7'"), lastDays("'seven'")]).to.deep.equal([[], [], ['Q120']]);
  });

  it('checks the values of aliases', () => {
    expect(codes({ $filter: 'title eq @p1', '@p1': "'x'" })).to.deep.equal([]);
    expect(codes({ $filter: 'statecode eq @p1', '@p1': "'x'" })).to.deep.equal(['Q121']);
  });

  it('checks $top and $count', () => {
    expect(codes({ $top: 'ten' })).to.deep.equal(['Q104']);
    expect(codes({ $top: '100000' })).to.deep.equal(['Q104']);
    expect(query({ $count: 'True' }).corrected).to.deep.equal({ $count: 'true' });
  });

  it('never throws, and gives corrections without errors', () => {
    const piece = fc.constantFrom(
      "'",
      '(',
      ')',
      ' eq ',
      ' and ',
      'title',
      'ownerid',
      '/',
      ',',
      '5',
      '"',
      '{',
      '%',
      '$',
      'any(o:',
      'contains(',
      '@p',
      'é',
      '=',
    );
    const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const option = fc.constantFrom<CheckedOptionName>('$filter', '$select', '$orderby', '$expand', '$apply');
    fc.assert(
      fc.property(option, text, (name, input) => {
        const { diagnostics, corrected } = check(name, input);
        for (const { start, end } of diagnostics) {
          expect(start).to.be.within(0, input.length);
          expect(end).to.be.within(start, input.length);
        }
        if (corrected !== undefined) {
          expect(
            check(name, corrected).diagnostics.filter(({ severity }) => severity === 'error'),
          ).to.deep.equal([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
