import { expect } from 'chai';
import { PlugInError } from '../../src/plug-in.ts';
import { createWebApi } from '../../src/web-api/web-api.ts';
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

  it('a quote that is never closed is reported at the end of the text', () => {
    const text = (filter: string) => errorOf(fixture.get(`accounts?$filter=${encodeURIComponent(filter)}`));
    expect(text("name eq 'Contoso")).to.deep.equal([
      ...[400, '0x80060888'],
      "There is an unterminated string literal at position 16 in 'name eq 'Contoso'.",
    ]);
    expect(text("name eq O'Brien")[2]).to.equal(
      "There is an unterminated literal at position 15 in 'name eq O'Brien'.",
    );
  });

  it('amounts are written with the decimal places of their currency', () => {
    const yen = { currencyname: 'Yen', isocurrencycode: 'JPY', currencysymbol: '¥', currencyprecision: 0 };
    const currency = fixture.create('transactioncurrencies', { ...yen, exchangerate: 150 });
    const bind = { 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${currency})` };
    const id = fixture.create('accounts', { name: 'A', revenue: 1500, ...bind });
    const { json } = fixture.get(`accounts(${id})?$select=revenue`, {
      Prefer: 'odata.include-annotations="*"',
    });
    expect(json['revenue@OData.Community.Display.V1.FormattedValue']).to.equal('¥1,500');
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

  it('a second application user of an app is refused', () => {
    const user = { applicationid: '6f1d1e0a-3c55-4b7e-9d8e-0a1b2c3d4e01' };
    fixture.create('systemusers', user);
    const message = 'A record with matching key values already exists.';
    expect(errorOf(fixture.send('POST', 'systemusers', user))).to.deep.equal([412, '0x80040237', message]);
  });

  describe('with error annotations', () => {
    const everything = { Prefer: 'odata.include-annotations="*"' };
    const annotationsOf = ({ json }: ReturnType<WebApiFixture['get']>) =>
      Object.fromEntries(
        Object.entries(json.error)
          .filter(([name]) => name.startsWith('@'))
          .map(([name, value]) => [
            name.replace(/^@Microsoft\.PowerApps\.CDS\.(?:ErrorDetails\.)?/, ''),
            value,
          ]),
      );
    const ofStep = [
      ...['ApiExceptionSourceKey', 'ApiStepKey', 'ApiDepthKey', 'ApiActivityIdKey'],
      ...['ApiPluginSolutionNameKey', 'ApiStepSolutionNameKey'],
    ];
    const ofException = ['ApiExceptionCategory', 'ApiExceptionMessageName', 'ApiExceptionHttpStatusCode'];

    it('an error of a message names its step and its code', () => {
      const id = '6f1d1e0a-3c55-4b7e-9d8e-0a1b2c3d4e02';
      const answer = fixture.get(`accounts(${id})`, everything);
      expect(Object.keys(annotationsOf(answer))).to.deep.equal([
        ...ofStep,
        ...ofException,
        'HelpLink',
        'InnerError.Message',
      ]);
      expect(annotationsOf(answer)).to.include({
        ApiExceptionMessageName: 'ObjectDoesNotExist',
        ApiExceptionHttpStatusCode: '404',
        'InnerError.Message': answer.json.error.message,
      });
    });

    it('a version that does not match has no inner error', () => {
      const id = fixture.create('accounts', { name: 'A' });
      const answer = fixture.send(
        'PATCH',
        `accounts(${id})`,
        { name: 'B' },
        { ...everything, 'If-Match': 'W/"1"' },
      );
      expect(Object.keys(annotationsOf(answer))).to.deep.equal([...ofStep, ...ofException, 'HelpLink']);
    });

    it('an error of the query has no step', () => {
      expect(Object.keys(annotationsOf(fixture.get('accounts?$select=nope', everything)))).to.deep.equal([
        ...['ApiExceptionCategory', 'ApiExceptionHttpStatusCode', 'HelpLink', 'InnerError.Message'],
      ]);
    });

    it('only the requested annotations are returned', () => {
      const some = { Prefer: 'odata.include-annotations="Microsoft.PowerApps.CDS.HelpLink"' };
      expect(Object.keys(annotationsOf(fixture.get('accounts?$select=nope', some)))).to.deep.equal([
        'HelpLink',
      ]);
      expect(annotationsOf(fixture.get('accounts?$select=nope'))).to.deep.equal({});
    });

    it('a plug-in error has the status and code that the plug-in gave', () => {
      const { store } = fixture;
      const run = () => {
        throw new PlugInError('Too expensive.', { operationStatus: 1, subErrorCode: 12345 });
      };
      const plugIns = [{ message: 'Create', table: 'account', mode: 'sync', run }] as const;
      const answer = createWebApi({ store, origin: 'http://org.test', plugIns }).handle({
        method: 'POST',
        target: '/api/data/v9.2/accounts',
        headers: everything,
        body: new TextEncoder().encode('{"name":"A"}'),
        caller: { userId: fixture.userId, isMember: true },
      });
      const { error } = JSON.parse(String(answer.body));
      expect([answer.status, error.code, error.message]).to.deep.equal([400, '0x80040265', 'Too expensive.']);
      expect(error).to.include({
        '@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus': '1',
        '@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode': '12345',
        '@Microsoft.PowerApps.CDS.InnerError.Message': 'Too expensive.',
      });
      expect(error['@Microsoft.PowerApps.CDS.TraceText']).to.include('Create of account');
    });
  });
});
