import { expect } from 'chai';
import type { ExpandItem, ParseResult } from '../../../src/odata/query/ast.ts';
import { parseApply } from '../../../src/odata/query/parse-apply.ts';
import { parseOrderBy, parseSelect } from '../../../src/odata/query/parse-columns.ts';
import { parseExpand } from '../../../src/odata/query/parse-expand.ts';
import { parseFilter } from '../../../src/odata/query/parse-filter.ts';
import { parseQueryString } from '../../../src/odata/query/parse-query-string.ts';

describe('parseOrderBy', () => {
  it('reads columns, navigation paths and directions, with their spans', () => {
    expect(accept(parseOrderBy('revenue desc, primarycontactid/fullname'))).to.deep.equal([
      {
        path: { kind: 'path', segments: ['revenue'], start: 0, end: 7 },
        direction: 'desc',
        start: 0,
        end: 12,
      },
      {
        path: { kind: 'path', segments: ['primarycontactid', 'fullname'], start: 14, end: 39 },
        direction: 'asc',
        start: 14,
        end: 39,
      },
    ]);
  });

  it('reads columns from aliases', () => {
    const aliases = new Map([
      ['@p1', 'revenue'],
      ['@p2', "'text'"],
    ]);
    expect(accept(parseOrderBy('@p1 desc', aliases))[0]?.path.segments).to.deep.equal(['revenue']);
    expect(parseOrderBy('@p2', aliases).ok).to.equal(false);
  });
});

describe('parseSelect', () => {
  const namesOf = (text: string) => accept(parseSelect(text)).map(({ segments }) => segments.join('/'));

  it('reads columns and "*"', () => {
    expect(namesOf('name,_ownerid_value')).to.deep.equal(['name', '_ownerid_value']);
    expect(namesOf('*')).to.deep.equal(['*']);
  });

  it("accepts a comma or a question mark at the end, as in Microsoft's examples", () => {
    expect(namesOf('name,')).to.deep.equal(['name']);
    expect(namesOf('name?')).to.deep.equal(['name']);
  });
});

describe('parseExpand', () => {
  it('reads options in parentheses, nested ones too', () => {
    const text =
      "contact($select=fullname;$expand=parent($select=name;$filter=statecode eq 0 and name ne ';)';$top=3)),Tasks($orderby=subject desc)";
    const [contact, tasks] = accept(parseExpand(text));
    expect(contact?.select?.[0]?.segments).to.deep.equal(['fullname']);
    const [parent] = contact?.expand ?? [];
    expect(parent).to.include({ top: 3, ref: false });
    expect(parent?.filter).to.have.nested.property('terms[1].right.value', ';)');
    expect(tasks).to.have.nested.property('orderby[0].direction', 'desc');
    expect(text.slice(tasks?.start, tasks?.end)).to.equal('Tasks($orderby=subject desc)');
  });

  it('reads /$ref', () => {
    expect(accept(parseExpand('primarycontactid/$ref'))[0]).to.deep.include({ ref: true });
  });

  it('keeps type casts in the path', () => {
    const [item] = accept(parseExpand('ownerid/Microsoft.Dynamics.CRM.systemuser($select=fullname)'));
    expect(item?.path.segments).to.deep.equal(['ownerid', 'Microsoft.Dynamics.CRM.systemuser']);
  });

  it('rejects deep nesting without a stack overflow', () => {
    const text = `${'a($expand='.repeat(5000)}b${')'.repeat(5000)}`;
    const parsed = parseExpand(text);
    expect(parsed).to.have.property('diagnostics').with.length(1);
    expect(parsed).to.have.nested.property('diagnostics[0].message', 'Nested deeper than 64 levels.');
  });

  it('omits missing options', () => {
    const expected: readonly ExpandItem[] = [
      { path: { kind: 'path', segments: ['a'], start: 0, end: 1 }, ref: false, start: 0, end: 1 },
    ];
    expect(accept(parseExpand('a'))).to.deep.equal(expected);
  });
});

describe('parseApply', () => {
  for (const text of [
    'groupby((statuscode))',
    'groupby((statuscode),aggregate($count as count))',
    'aggregate(revenue with sum as total)',
    'groupby((statuscode),aggregate(revenue with average as averagevalue))',
    'groupby((primarycontactid/fullname),aggregate(revenue with sum as total))',
    "filter(address1_stateorprovince eq 'WA')/groupby((primarycontactid/fullname))",
    'aggregate(createdon with max as lastCreate,createdon with min as firstCreate)',
    'groupby((statecode,statuscode,accountcategorycode))',
    'groupby((statecode))/aggregate($count as groups)',
    'aggregate(accountid with countdistinct as n)',
  ]) {
    it(`reads ${text}`, () => {
      const [first] = accept(parseApply(text));
      expect(text.startsWith(first!.kind)).to.equal(true);
    });
  }

  it('returns the steps in order, with their spans', () => {
    const text = "filter(name eq 'a/b')/groupby((x, y/z),aggregate($count as c,r with sum as t))";
    const steps = accept(parseApply(text));
    expect(steps.map(({ start, end }) => text.slice(start, end))).to.deep.equal([
      text.slice(0, 21),
      text.slice(22),
    ]);
    expect(steps[1]).to.have.nested.property('paths[1].segments').that.deep.equals(['y', 'z']);
    expect(steps[1]).to.have.nested.property('aggregate[0]').that.include({ method: 'count', as: 'c' });
    expect(steps[1]).to.have.nested.property('aggregate[1]').that.include({ method: 'sum', as: 't' });
  });
});

describe('parseQueryString', () => {
  it('decodes values once and returns aliases separately', () => {
    const raw = "$filter=a%20eq%20@p1+and+b eq '%2525'&@p1='x%26y'&tag=1&$count=true";
    const { options, aliases } = accept(parseQueryString(raw));
    expect([...options]).to.deep.equal([
      ['$filter', "a eq @p1 and b eq '%25'"],
      ['tag', '1'],
      ['$count', 'true'],
    ]);
    expect([...aliases]).to.deep.equal([['@p1', "'x&y'"]]);
  });

  it('splits at the first equals sign only', () => {
    const { options } = accept(parseQueryString('$skiptoken=%3Ccookie%20pagenumber=%222%22%20/%3E'));
    expect(options.get('$skiptoken')).to.equal('<cookie pagenumber="2" />');
  });
});

describe("queries in Microsoft's documentation", () => {
  const crm = 'Microsoft.Dynamics.CRM.';
  for (const query of [
    "$select=sdkmessagefilterid&$filter=sdkmessageid/name eq @message and primaryobjecttypecode eq @table&@message='CreateMultiple'&@table='sample_example'",
    '$filter=sample_filecolumn ne null&$expand=account_FileAttachments($select=createdon,mimetype,filesizeinbytes,filename,regardingfieldname)&$select=accountid',
    "$select=name?&$filter=contains(name,'sample')&$count=true",
    "$filter=primarycontactid/fullname eq 'Susanna Stubberod (sample)'&$select=name,_primarycontactid_value",
    `$select=fullname&$filter=${crm}In(PropertyName=@p1,PropertyValues=@p2)&@p1='lastname'&@p2=["OBrian","OBryan","O'Brian","O'Bryan"]`,
    "$select=fullname&$filter=lastname eq 'O''Bryan'",
    `$select=name,numberofemployees&$filter=${crm}Between(PropertyName='numberofemployees',PropertyValues=["5","2000"])`,
    '$select=name&$expand=primarycontactid($select=fullname),Account_Tasks($select=subject)',
    '$select=name&$expand=primarycontactid/$ref',
    '$select=subject&$expand=regardingobjectid_contact_task($select=fullname;$expand=parentcustomerid_account($select=name;$expand=createdby($select=fullname)))',
    '$select=name,statecode,statuscode&$orderby=name&$top=1',
    '$select=DisplayName,Description&$filter=Type+eq+0',
    '$select=name,&$expand=primarycontactid($select=fullname,jobtitle,annualincome)',
    '$select=name,revenue&$top=3&$filter=revenue gt 100000',
    "$select=name&$filter=Account_Emails/any(o:contains(o/subject,'sometext'))",
    "$filter=(teammembership_association/any(t:t/name eq 'CITTEST'))&$select=fullname,businessunitid,title,address1_telephone1,systemuserid&$orderby=fullname",
    '$select=name,revenue&$orderby=revenue asc,name desc&$filter=revenue ne null',
    '$select=name,revenue&$orderby=@p1 asc,@p2 desc&$filter=@p1 ne @p3&@p1=revenue&@p2=name',
    '$select=title,_customerid_value&$expand=customerid_contact($select=fullname)',
  ]) {
    it(`can be parsed: ${query}`, () => {
      const { options, aliases } = accept(parseQueryString(query));
      const parsers: Record<string, (text: string) => ParseResult<unknown>> = {
        $select: parseSelect,
        $filter: (text) => parseFilter(text, aliases),
        $orderby: (text) => parseOrderBy(text, aliases),
        $expand: parseExpand,
      };
      for (const [name, text] of options) if (parsers[name]) accept(parsers[name](text));
    });
  }
});

function accept<T>(parsed: ParseResult<T>): T {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  return parsed.value;
}
