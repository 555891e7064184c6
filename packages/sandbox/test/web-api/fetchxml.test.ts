import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: FetchXML', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
    const contact = fixture.create('contacts', { firstname: 'Ada', lastname: 'Lovelace' });
    for (const name of ['A', 'B', 'C']) {
      fixture.create('accounts', {
        name,
        revenue: 5,
        'primarycontactid@odata.bind': `/contacts(${contact})`,
      });
    }
  });
  afterEach(() => fixture.store.close());

  const annotated = { Prefer: 'odata.include-annotations="*"' };
  const run = (xml: string, headers = {}, set = 'accounts') =>
    fixture.get(`${set}?fetchXml=${encodeURIComponent(xml)}`, headers);
  const page = (attributes: string) =>
    `<fetch ${attributes}><entity name="account"><attribute name="name"/><order attribute="name"/></entity></fetch>`;

  it('returns the requested columns and those of linked tables by alias', () => {
    const { json } = run(
      '<fetch top="1"><entity name="account"><attribute name="name"/><link-entity name="contact" from="contactid" to="primarycontactid" alias="c"><attribute name="fullname"/></link-entity></entity></fetch>',
    );
    expect(json.value[0]).to.have.all.keys('@odata.etag', 'accountid', 'name', 'c.fullname');
    expect(json.value[0]['c.fullname']).to.equal('Ada Lovelace');
  });

  it('returns money with the currency of its row', () => {
    const currency = fixture.create('transactioncurrencies', {
      currencyname: 'Pound',
      isocurrencycode: 'GBP',
      currencysymbol: '£',
    });
    fixture.create('accounts', {
      name: 'Brighton',
      revenue: 7,
      'transactioncurrencyid@odata.bind': `/transactioncurrencies(${currency})`,
    });
    const { json } = run(
      '<fetch><entity name="account"><attribute name="revenue"/><filter><condition attribute="name" operator="eq" value="Brighton"/></filter></entity></fetch>',
      annotated,
    );
    const [row] = json.value;
    expect(row['revenue@OData.Community.Display.V1.FormattedValue']).to.equal('£7.00');
    expect(row._transactioncurrencyid_value).to.equal(currency);
    const distinct = run(
      '<fetch distinct="true"><entity name="account"><attribute name="revenue"/></entity></fetch>',
    );
    expect(distinct.json.value).to.have.length(2);
  });

  it('omits columns without a value', () => {
    const { json } = run(
      '<fetch top="1"><entity name="account"><attribute name="accountnumber"/></entity></fetch>',
    );
    expect(json.value[0]).to.have.all.keys('@odata.etag', 'accountid');
    expect(fixture.get('accounts?$select=accountnumber').json.value[0].accountnumber).to.equal(null);
  });

  it('rejects malformed XML', () => {
    for (const xml of ['', '<fetch', '<fetch top=1/>', '<!DOCTYPE fetch><fetch/>', '<fetch>&x;</fetch>']) {
      expect(run(xml).status, xml).to.equal(400);
    }
  });

  it('pages with the paging cookie annotation, decoded twice', () => {
    const first = run(page('count="2" page="1"'), annotated).json;
    expect(first['@Microsoft.Dynamics.CRM.morerecords']).to.equal(true);
    const cookie = first['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie'];
    const [, number, inner] = /pagenumber="(\d)" pagingcookie="([^"]*)"/.exec(cookie)!;
    const escaped = decodeURIComponent(decodeURIComponent(inner!)).replace(
      /[<>"&]/g,
      (char) => `&#${char.charCodeAt(0)};`,
    );
    const second = run(page(`count="2" page="${number}" paging-cookie="${escaped}"`), annotated).json;
    const names = [...first.value, ...second.value].map((row: { name: string }) => row.name);
    expect(names).to.deep.equal(['A', 'B', 'C']);
    expect(second).not.to.have.property('@Microsoft.Dynamics.CRM.morerecords');
  });

  it('aggregates with formatted values', () => {
    const { json } = run(
      '<fetch aggregate="true"><entity name="account"><attribute name="revenue" alias="total" aggregate="sum"/></entity></fetch>',
      annotated,
    );
    expect(json.value[0]).to.deep.equal({
      'total@OData.Community.Display.V1.FormattedValue': '$15.00',
      total: 15,
    });
  });

  it('counts with $count=true', () => {
    const { json } = fixture.get(`accounts?fetchXml=${encodeURIComponent(page('count="1"'))}&$count=true`);
    expect(json['@odata.count']).to.equal(3);
  });

  it('rejects an entity that does not match the entity set', () => {
    expect(run(page(''), {}, 'contacts').status).to.equal(400);
  });

  it('runs a saved view by its id', () => {
    const id = fixture.create('userqueries', {
      name: 'All',
      returnedtypecode: 'account',
      fetchxml: page(''),
    });
    expect(fixture.get(`accounts?userQuery=${id}`).json.value).to.have.length(3);
    expect(fixture.get('accounts?savedQuery=0000000a-0000-4000-8000-000000000001').status).to.equal(404);
  });
});
