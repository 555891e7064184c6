import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: queries behind a navigation property', () => {
  let fixture: WebApiFixture;
  let contacts: string;
  let members: string;

  before(() => {
    fixture = createWebApiFixture();
    const account = fixture.create('accounts', { name: 'Contoso' });
    const parent = { 'parentcustomerid_account@odata.bind': `/accounts(${account})` };
    fixture.create('contacts', { lastname: 'Abel', annualincome: 10, jobtitle: 'Clerk', ...parent });
    fixture.create('contacts', { lastname: 'Bell', annualincome: 20, jobtitle: 'Chief', ...parent });
    for (const lastname of ['Cole', 'Dean']) {
      fixture.create('contacts', { lastname, annualincome: 100, jobtitle: 'Clerk' });
    }
    const list = fixture.create('teams', {
      name: 'First line',
      'administratorid@odata.bind': `/systemusers(${fixture.userId})`,
    });
    fixture.send('POST', `teams(${list})/teammembership_association/$ref`, {
      '@odata.id': `systemusers(${fixture.userId})`,
    });
    fixture.store.insert('systemuser', { firstname: 'Ben', lastname: 'Other' }, { userId: fixture.userId });
    contacts = `accounts(${account})/contact_customer_accounts`;
    members = `teams(${list})/teammembership_association`;
  });
  after(() => fixture.store.close());

  const rows = (query: string) => {
    const { status, json, text } = fixture.get(query);
    if (status !== 200) throw new Error(text);
    return json.value;
  };

  it('$apply aggregates the related rows only', () => {
    expect(rows(`${contacts}?$apply=aggregate(annualincome with sum as total,$count as n)`)).to.deep.equal([
      { total: 30, n: 2 },
    ]);
    expect(rows(`${contacts}?$apply=groupby((jobtitle),aggregate($count as n))`)).to.have.deep.members([
      { jobtitle: 'Chief', n: 1 },
      { jobtitle: 'Clerk', n: 1 },
    ]);
    const filtered = `filter(annualincome ge 20)/aggregate($count as n)`;
    expect(rows(`${contacts}?$apply=${filtered}`)).to.deep.equal([{ n: 1 }]);
    expect(rows(`${members}?$apply=aggregate($count as n)`)).to.deep.equal([{ n: 1 }]);
  });

  it('$apply behind a missing row is refused', () => {
    const missing = contacts.replace(/\([^)]+\)/, '(0000000a-0000-4000-8000-00000000000c)');
    expect(fixture.get(`${missing}?$apply=aggregate($count as n)`).status).to.equal(404);
  });

  it('$filter, $orderby, $top and $count concern the related rows only', () => {
    const { json } = fixture.get(`${contacts}?$select=lastname&$count=true&$top=1&$orderby=lastname desc`);
    expect(json['@odata.count']).to.equal(2);
    expect(json.value.map(({ lastname }: { lastname: string }) => lastname)).to.deep.equal(['Bell']);
    expect(rows(`${contacts}?$filter=jobtitle eq 'Clerk'`)).to.have.length(1);
    expect(fixture.get(`${contacts}/$count`).text).to.equal('2');
    expect(fixture.get(`${contacts}/$count?$filter=jobtitle eq 'Clerk'`).text).to.equal('1');
  });

  it('$ref applies $filter, $orderby, $top and $count', () => {
    expect(rows(`${contacts}/$ref`)).to.have.length(2);
    expect(rows(`${contacts}/$ref?$filter=jobtitle eq 'Clerk'`)).to.have.length(1);
    expect(rows(`${contacts}/$ref?$top=1`)).to.have.length(1);
    expect(fixture.get(`${contacts}/$ref?$count=true&$top=1`).json['@odata.count']).to.equal(2);
  });

  it('$search and $skip are refused', () => {
    for (const path of [contacts, `${contacts}/$ref`, `${contacts}/$count`]) {
      for (const option of ['$search=x', '$skip=1']) {
        expect(fixture.get(`${path}?${option}`).status, `${path}?${option}`).to.equal(400);
      }
    }
  });
});
