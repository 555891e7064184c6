import { expect } from 'chai';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: list rows', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
    for (const [index, name] of ['Ada', 'Bob', 'Cyd', 'Dan', 'Eve'].entries()) {
      fixture.create('accounts', { name, numberofemployees: index * 10 });
    }
  });
  afterEach(() => fixture.store.close());

  const names = (json: { value: { name: string }[] }) => json.value.map(({ name }) => name);

  it('applies $filter, $orderby and $top', () => {
    const { json } = fixture.get(
      "accounts?$select=name&$filter=numberofemployees ge 10 and name ne 'Eve'&$orderby=name desc&$top=2",
    );
    expect(names(json)).to.deep.equal(['Dan', 'Cyd']);
    expect(json).not.to.have.property('@odata.nextLink');
  });

  it('reads a text that is compared with an id as an id, but not in columns of other types', () => {
    const id = fixture.create('accounts', { name: 'Fay', accountnumber: 'AB' });
    const owner = fixture.get(`accounts(${id})`).json._ownerid_value;
    const find = (filter: string) => names(fixture.get(`accounts?$filter=${filter} and name eq 'Fay'`).json);
    expect(find(`accountid eq '${id.toUpperCase()}'`)).to.deep.equal(['Fay']);
    expect(find(`(_ownerid_value eq '${owner}' or not (accountid ne '${id}'))`)).to.deep.equal(['Fay']);
    expect(find(`accountnumber eq '${id}'`)).to.deep.equal([]);
    const { json } = fixture.get("accounts?$filter=accountid eq 'x'");
    expect(json.error.message).to.include("'Edm.Guid' and 'Edm.String'");
  });

  it('resolves parameter aliases', () => {
    expect(names(fixture.get("accounts?$filter=name eq @p1&@p1='Bob'").json)).to.deep.equal(['Bob']);
  });

  it('returns every row once over all next links', () => {
    const seen: string[] = [];
    const sizes: number[] = [];
    let next: string | undefined = `${base}/accounts?$select=name&$orderby=name`;
    while (next !== undefined) {
      const { json, headers }: ReturnType<WebApiFixture['get']> = fixture.get(next, {
        Prefer: 'odata.maxpagesize=2',
      });
      expect(headers['Preference-Applied']).to.equal('odata.maxpagesize=2');
      seen.push(...names(json));
      sizes.push(json.value.length);
      next = json['@odata.nextLink'];
    }
    expect(seen).to.deep.equal(['Ada', 'Bob', 'Cyd', 'Dan', 'Eve']);
    expect(sizes).to.deep.equal([2, 2, 1]);
  });

  it('writes the paging cookie in Dataverse’s format', () => {
    const link = fixture.get('accounts?$select=name', { Prefer: 'odata.maxpagesize=2' }).json[
      '@odata.nextLink'
    ];
    expect(link).to.match(
      /^http:\/\/org\.test\/api\/data\/v9\.2\/accounts\?\$select=name&\$skiptoken=%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22%253ccookie%2520page%253d%25221%2522%253e%253caccountid%2520last/,
    );
    expect(link).to.match(/%22%20istracking=%22False%22%20\/%3E$/);
  });

  it('accepts a paging cookie with only a page number', () => {
    const cookie = encodeURIComponent('<cookie pagenumber="3" istracking="False" />');
    const { json } = fixture.get(`accounts?$select=name&$orderby=name&$skiptoken=${cookie}`, {
      Prefer: 'odata.maxpagesize=2',
    });
    expect(names(json)).to.deep.equal(['Eve']);
  });

  it('continues after the last row of a paging cookie of Dataverse, whatever its sort values', () => {
    const all = fixture.get('accounts?$select=name&$orderby=name').json.value;
    const inner = (id: string) =>
      encodeURIComponent(
        `<cookie page="1"><name last="x" first="y" /><accountid last="{${id}}" first="{${id}}" /></cookie>`,
      );
    const read = (id: string, query = '') => {
      const cookie = encodeURIComponent(
        `<cookie pagenumber="2" pagingcookie="${inner(id)}" istracking="False" />`,
      );
      const size = { Prefer: 'odata.maxpagesize=2' };
      return names(fixture.get(`accounts?$select=name${query}&$skiptoken=${cookie}`, size).json);
    };
    expect(read(all[2].accountid, '&$orderby=name')).to.deep.equal(['Dan', 'Eve']);
    expect(read('ffffffff-ffff-ffff-ffff-000000000000')).to.deep.equal(
      names(fixture.get('accounts?$top=2').json),
    );
    const xml = `<fetch count="2" page="2" paging-cookie="&lt;cookie page=&quot;1&quot;&gt;&lt;accountid last=&quot;{${all[2].accountid.toUpperCase()}}&quot; first=&quot;{x}&quot; /&gt;&lt;/cookie&gt;"><entity name="account"><attribute name="name"/><order attribute="name"/></entity></fetch>`;
    expect(names(fixture.get(`accounts?fetchXml=${encodeURIComponent(xml)}`).json)).to.deep.equal([
      'Dan',
      'Eve',
    ]);
  });

  it('returns $count and the annotations about its limit', () => {
    const { json } = fixture.get('accounts?$select=name&$count=true', {
      Prefer: 'odata.maxpagesize=2,odata.include-annotations="*"',
    });
    expect(json).to.include({
      '@odata.count': 5,
      '@Microsoft.Dynamics.CRM.totalrecordcount': 5,
      '@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded': false,
    });
    const uncounted = fixture.get('accounts', { Prefer: 'odata.include-annotations="*"' }).json;
    expect(uncounted['@Microsoft.Dynamics.CRM.totalrecordcount']).to.equal(-1);
  });

  it('returns /$count as plain text, with $filter', () => {
    const { text, headers } = fixture.get('accounts/$count?$filter=numberofemployees gt 10');
    expect([text, headers['Content-Type']]).to.deep.equal(['3', 'text/plain']);
  });

  it('runs $apply', () => {
    const total = fixture.get(
      'accounts?$apply=aggregate(numberofemployees with sum as total,$count as n)',
    ).json;
    expect(total.value).to.deep.equal([{ total: 100, n: 5 }]);
    const [group] = fixture.get('accounts?$apply=groupby((statecode),aggregate($count as n))', {
      Prefer: 'odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
    }).json.value;
    expect(group).to.deep.equal({
      'statecode@OData.Community.Display.V1.FormattedValue': 'Active',
      statecode: 0,
      'n@OData.Community.Display.V1.FormattedValue': '5',
      n: 5,
    });
  });

  it('rejects unsupported queries with Dataverse’s errors', () => {
    const cases: [string, string][] = [
      ['$skip=1', 'Skip Clause is not supported in CRM'],
      ['$search=x', 'The query parameter $search is not supported'],
      ['$format=json', 'The query parameter $format is not supported'],
      ['$Select=name', 'The query parameter $Select is not supported'],
      [
        '$top=-1',
        "Invalid value '-1' for $top query option found. The $top query option requires a non-negative integer value.",
      ],
    ];
    for (const [query, message] of cases) {
      const { status, json } = fixture.get(`accounts?${query}`);
      expect([status, json.error.message]).to.deep.equal([400, message]);
    }
  });

  it('rejects a malformed filter with its position', () => {
    const { status, json } = fixture.get("accounts?$filter=name eqq 'x'");
    expect(status).to.equal(400);
    expect(json.error.message).to.match(/^Syntax error at position 5 in 'name eqq 'x''/);
  });

  it('rejects more than 15 expands', () => {
    const expands = Array.from({ length: 16 }, () => 'createdby').join(',');
    expect(fixture.get(`accounts?$expand=${expands}`).status).to.equal(400);
  });

  it('rejects a URL longer than the limit', () => {
    expect(fixture.get(`accounts?$filter=name eq '${'x'.repeat(33_000)}'`).status).to.equal(414);
  });

  it('ignores custom query options', () => {
    expect(fixture.get('accounts?tag=from-a-client').status).to.equal(200);
  });
});
