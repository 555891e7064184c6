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

  it('shows amounts of linked tables in the currency of their row, and aggregates in the base currency', () => {
    const currency = (name: string, isocurrencycode: string, currencysymbol: string) =>
      fixture.create('transactioncurrencies', { currencyname: name, isocurrencycode, currencysymbol });
    const pound = currency('Pound', 'GBP', '£');
    const euro = currency('Euro', 'EUR', '€');
    const base = { table: 'transactioncurrency', id: euro };
    fixture.store.insert(
      'organization',
      { name: 'contoso', basecurrencyid: base },
      { userId: fixture.userId },
    );
    const account = fixture.create('accounts', {
      name: 'Brighton',
      revenue: 7,
      'transactioncurrencyid@odata.bind': `/transactioncurrencies(${pound})`,
    });
    fixture.create('contacts', {
      lastname: 'Reed',
      'parentcustomerid_account@odata.bind': `/accounts(${account})`,
    });
    const formatted = 'OData.Community.Display.V1.FormattedValue';
    const link =
      '<link-entity name="account" from="accountid" to="parentcustomerid" alias="a"><attribute name="revenue"/></link-entity>';
    for (const distinct of ['true', 'false']) {
      const xml = `<fetch distinct="${distinct}"><entity name="contact"><attribute name="lastname"/>${link}</entity></fetch>`;
      const [row] = run(xml, annotated, 'contacts').json.value;
      expect(row).to.include({ 'a.revenue': 7, [`a.revenue@${formatted}`]: '£7.00' });
      expect(Object.keys(row).filter((name) => name.startsWith('$'))).to.deep.equal([]);
    }
    const sum = fixture.get('accounts?$apply=aggregate(revenue with sum as total)', annotated).json.value[0];
    expect(sum[`total@${formatted}`]).to.equal('€22.00');
  });

  it('names the columns with a value first in the context', () => {
    const xml =
      '<fetch><entity name="systemuser"><attribute name="title"/><attribute name="fullname"/></entity></fetch>';
    expect(run(xml, {}, 'systemusers').json['@odata.context']).to.match(
      /#systemusers\(fullname,systemuserid,ownerid,title\)$/,
    );
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

  it('runs a view for the rows of a collection, and for nothing else behind a row', () => {
    const [first, second] = ['A', 'B'].map((name) => fixture.create('accounts', { name }));
    for (const [lastname, parent] of [
      ['Lind', first],
      ['Moe', second],
    ] as const) {
      fixture.create('contacts', { lastname, 'parentcustomerid_account@odata.bind': `/accounts(${parent})` });
    }
    const view = (name: string, returnedtypecode: string, inner: string) =>
      fixture.create('userqueries', {
        ...{ name, returnedtypecode },
        fetchxml: `<fetch><entity name="${returnedtypecode}">${inner}</entity></fetch>`,
      });
    const all = view('All', 'contact', '<attribute name="lastname"/>');
    const some = view(
      'M',
      'contact',
      '<attribute name="lastname"/><filter><condition attribute="lastname" operator="like" value="M%"/></filter>',
    );
    const namesOf = (account: string | undefined, id: string) =>
      fixture
        .get(`accounts(${account})/contact_customer_accounts?userQuery=${id}`)
        .json.value.map(({ lastname }: { lastname: string }) => lastname);
    expect(namesOf(first, all)).to.deep.equal(['Lind']);
    expect(namesOf(first, some)).to.deep.equal([]);
    expect(namesOf(second, some)).to.deep.equal(['Moe']);
    const teams = view('Teams', 'team', '<attribute name="name"/>');
    const [team] = ['Day', 'Night'].map((name) => fixture.create('teams', { name }));
    const link = { '@odata.id': `teams(${team})` };
    fixture.send('POST', `systemusers(${fixture.userId})/teammembership_association/$ref`, link);
    const mine = fixture.get(`systemusers(${fixture.userId})/teammembership_association?userQuery=${teams}`);
    expect(mine.json.value.map(({ name }: { name: string }) => name)).to.deep.equal(['Day']);
    for (const path of ['name', 'primarycontactid', 'contact_customer_accounts/$count']) {
      const { status, json } = fixture.get(`accounts(${first})/${path}?userQuery=${all}`);
      expect([status, json.error.message], path).to.deep.equal([
        400,
        'The query parameter userQuery is not supported',
      ]);
    }
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
