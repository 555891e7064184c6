import { expect } from 'chai';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: error texts', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const errorOf = ({ status, json }: ReturnType<WebApiFixture['get']>) => [
    status,
    json?.error?.code,
    json?.error?.message,
  ];
  const violated = (key: string, columns: string) =>
    `Entity Key ${key} violated. A record with the same value for ${columns} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`;

  it('a violated alternate key is named with its columns', () => {
    fixture.store.addKey('account', 'account_number', ['accountnumber']);
    fixture.store.addKey('contact', 'contact_name', ['firstname', 'lastname']);
    fixture.store.addKey('account', 'account_size', ['numberofemployees', 'sic']);
    fixture.create('accounts', { name: 'A', accountnumber: '7', numberofemployees: 5, sic: 'x' });
    fixture.create('contacts', { firstname: 'Ada', lastname: 'Abel' });
    const other = fixture.create('accounts', { name: 'B', accountnumber: '8' });
    const number = [412, '0x80060892', violated('account_number', 'Account Number')];
    expect(errorOf(fixture.send('POST', 'accounts', { name: 'C', accountnumber: '7' }))).to.deep.equal(
      number,
    );
    expect(errorOf(fixture.send('PATCH', `accounts(${other})`, { accountnumber: '7' }))).to.deep.equal(
      number,
    );
    expect(errorOf(fixture.send('POST', 'contacts', { firstname: 'Ada', lastname: 'Abel' }))).to.deep.equal([
      412,
      '0x80060892',
      violated('contact_name', 'First Name, Last Name'),
    ]);
    expect(
      errorOf(fixture.send('POST', 'accounts', { name: 'D', numberofemployees: 5, sic: 'x' }))[2],
    ).to.match(/^Entity Key account_size violated\./);
  });

  it('a literal with a type in front is not recognized', () => {
    const id = '4db479f4-fbad-eb11-8236-000d3ae8bdbd';
    const unrecognized = (literal: string, at: number, text: string) => [
      400,
      '0x80060888',
      `Unrecognized 'Edm.String' literal '${literal}' at '${at}' in '${text}'.`,
    ];
    const literal = `guid'${id}'`;
    const filter = `accountid eq ${literal}`;
    expect(errorOf(fixture.get(`accounts?$filter=${filter}`))).to.deep.equal(
      unrecognized(literal, 13, filter),
    );
    const second = `name eq 'x guid''y' and createdon gt datetime'2024-05-01T00:00:00'`;
    expect(errorOf(fixture.get(`accounts?$filter=${second}`))).to.deep.equal(
      unrecognized("datetime'2024-05-01T00:00:00'", 37, second),
    );
    expect(errorOf(fixture.get(`accounts(${literal})`))).to.deep.equal(
      unrecognized(literal, 1, `(${literal})`),
    );
  });

  it('$skip is refused with a text of its own', () => {
    expect(errorOf(fixture.get('accounts?$skip=10'))).to.deep.equal([
      400,
      '0x80060888',
      'Skip Clause is not supported in CRM',
    ]);
  });

  it('a set, a collection and a row refuse methods that they do not have with 405', () => {
    const id = fixture.create('accounts', { name: 'A' });
    const requests = [
      ['PATCH', 'accounts'],
      ['PUT', 'accounts'],
      ['DELETE', 'accounts'],
      ['PATCH', `accounts(${id})/contact_customer_accounts`],
      ['POST', `accounts(${id})`],
      ['PUT', `accounts(${id})`],
    ] as const;
    for (const [method, path] of requests) {
      const message = `The requested resource does not support http method '${method}'.`;
      expect(errorOf(fixture.send(method, path, { name: 'B' })), `${method} ${path}`).to.deep.equal([
        405,
        '',
        message,
      ]);
    }
    expect(fixture.get('accounts?$select=name').json.value[0].name).to.equal('A');
  });
});
