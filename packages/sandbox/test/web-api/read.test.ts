import { expect } from 'chai';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

const annotated = { Prefer: 'odata.include-annotations="*"' };

describe('Web API: read rows', () => {
  let fixture: WebApiFixture;
  let account: string;
  let contact: string;

  beforeEach(() => {
    fixture = createWebApiFixture();
    contact = fixture.create('contacts', { firstname: 'Yvonne', lastname: 'McKay', annualincome: 45000 });
    account = fixture.create('accounts', {
      name: 'Litware',
      revenue: 20000,
      'primarycontactid@odata.bind': `/contacts(${contact})`,
    });
  });
  afterEach(() => fixture.store.close());

  it('the service document lists the entity sets', () => {
    const { json } = fixture.get('');
    expect(json['@odata.context']).to.equal(`${base}/$metadata`);
    expect(json.value).to.deep.include({ name: 'incidents', kind: 'EntitySet', url: 'incidents' });
  });

  it('WhoAmI works with and without parentheses', () => {
    for (const path of ['WhoAmI', 'WhoAmI()']) {
      const { json } = fixture.get(path);
      expect(json.UserId).to.equal(fixture.userId);
      expect(json.OrganizationId).to.equal(fixture.webApi.organizationId);
      expect(json.BusinessUnitId).to.match(/^[0-9a-f-]{36}$/);
    }
  });

  it('a row has its ETag, the selected columns, its id and the currency of its money', () => {
    const { json, headers } = fixture.get(`accounts(${account})?$select=name,revenue`);
    expect(Object.keys(json)).to.deep.equal([
      '@odata.context',
      '@odata.etag',
      'accountid',
      '_transactioncurrencyid_value',
      'name',
      'revenue',
    ]);
    expect(json['@odata.context']).to.equal(`${base}/$metadata#accounts(name,revenue)/$entity`);
    expect(headers.ETag)
      .to.equal(json['@odata.etag'])
      .and.match(/^W\/"\d+"$/);
  });

  it('money has ten decimal places and the exchange rate twelve', () => {
    const { text } = fixture.get(`accounts(${account})?$select=revenue,exchangerate`);
    expect(text)
      .to.match(/"revenue":20000\.0{10}[,}]/)
      .and.match(/"exchangerate":1\.0{12}[,}]/);
  });

  it('characters outside ASCII are escaped, also in errors', () => {
    const id = fixture.create('accounts', { name: 'Café 😀' });
    const { text, json } = fixture.get(`accounts(${id})?$select=name`);
    expect(text).to.include('"name":"Caf\\u00e9 \\ud83d\\ude00"');
    expect(json.name).to.equal('Café 😀');
    const error = fixture.get('accounts?$filter=caf%C3%A9 eq 1');
    expect(error.text).to.match(/^[\x20-\x7e]+$/);
    expect(error.json.error.message).to.include('café');
  });

  it('all columns are returned without $select, empty ones as null', () => {
    const { json } = fixture.get(`accounts(${account})`);
    expect(json).to.include({ name: 'Litware', accountnumber: null, _primarycontactid_value: contact });
    expect(json.versionnumber).to.be.a('number');
  });

  it('formatted values and lookup annotations are returned on request', () => {
    const { json } = fixture.get(
      `accounts(${account})?$select=revenue,statecode,creditonhold,modifiedon,_primarycontactid_value`,
      annotated,
    );
    const text = (name: string) => json[`${name}@OData.Community.Display.V1.FormattedValue`];
    expect(text('revenue')).to.equal('$20,000.00');
    expect(text('statecode')).to.equal('Active');
    expect(text('creditonhold')).to.equal('No');
    expect(text('modifiedon')).to.equal('5/1/2024 8:00 AM');
    expect(text('_primarycontactid_value')).to.equal('Yvonne McKay');
    expect(json['_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname']).to.equal('contact');
    expect(json['_primarycontactid_value@Microsoft.Dynamics.CRM.associatednavigationproperty']).to.equal(
      'primarycontactid',
    );
  });

  it('only the requested annotations are returned', () => {
    const { json } = fixture.get(`accounts(${account})?$select=statecode,_primarycontactid_value`, {
      Prefer: 'odata.include-annotations="Microsoft.Dynamics.CRM.*"',
    });
    expect(json).to.have.property('_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname');
    expect(json).not.to.have.property('statecode@OData.Community.Display.V1.FormattedValue');
  });

  it('a property returns a value, 204 if it is empty, and plain text with $value', () => {
    expect(fixture.get(`accounts(${account})/name`).json).to.deep.equal({
      '@odata.context': `${base}/$metadata#accounts(${account})/name`,
      value: 'Litware',
    });
    expect(fixture.get(`accounts(${account})/name/$value`).text).to.equal('Litware');
    expect(fixture.get(`accounts(${account})/fax`).status).to.equal(204);
  });

  it('a lookup property returns its row, or 204 if it is empty', () => {
    const { json } = fixture.get(`accounts(${account})/primarycontactid?$select=fullname`);
    expect(json['@odata.context']).to.equal(`${base}/$metadata#contacts(fullname)/$entity`);
    expect(json.fullname).to.equal('Yvonne McKay');
    expect(fixture.get(`accounts(${account})/parentaccountid`).status).to.equal(204);
    expect(fixture.get(`accounts(${account})/primarycontactid/fullname`).json.value).to.equal('Yvonne McKay');
  });

  it('a collection can be listed, counted and read as references', () => {
    const task = fixture.create('tasks', {
      subject: 'Call',
      'regardingobjectid_account_task@odata.bind': `accounts(${account})`,
    });
    expect(fixture.get(`accounts(${account})/Account_Tasks?$select=subject`).json.value[0].subject).to.equal(
      'Call',
    );
    expect(fixture.get(`accounts(${account})/Account_Tasks/$count`).text).to.equal('1');
    expect(fixture.get(`accounts(${account})/Account_Tasks/$ref`).json).to.deep.equal({
      '@odata.context': `${base}/$metadata#Collection($ref)`,
      value: [{ '@odata.id': `${base}/tasks(${task})` }],
    });
  });

  it('an expanded row has an ETag in a single row and none in a list', () => {
    const expand = '$select=name&$expand=primarycontactid($select=fullname)';
    const one = fixture.get(`accounts(${account})?${expand}`).json;
    const [listed] = fixture.get(`accounts?${expand}`).json.value;
    expect(one['@odata.context']).to.equal(
      `${base}/$metadata#accounts(name,primarycontactid(fullname))/$entity`,
    );
    expect(one.primarycontactid).to.have.all.keys('@odata.etag', 'fullname', 'contactid');
    expect(listed.primarycontactid).to.have.all.keys('fullname', 'contactid');
  });

  it('an expanded collection in a list has a next link and the lookup to its parent', () => {
    fixture.create('tasks', {
      subject: 'T',
      'regardingobjectid_account_task@odata.bind': `accounts(${account})`,
    });
    const [row] = fixture.get('accounts?$select=name&$expand=Account_Tasks($select=subject)').json.value;
    expect(row['Account_Tasks@odata.nextLink']).to.equal(
      `${base}/accounts(${account})/Account_Tasks?$select=subject`,
    );
    expect(row.Account_Tasks[0]).to.include({ subject: 'T', _regardingobjectid_value: account });
  });

  it('an expanded user has systemuserid and ownerid', () => {
    const [row] = fixture.get('accounts?$select=name&$expand=createdby($select=fullname)').json.value;
    expect(row.createdby).to.deep.equal({
      fullname: 'Ada Admin',
      systemuserid: fixture.userId,
      ownerid: fixture.userId,
    });
  });

  it('$expand with $ref works only for lookups', () => {
    const [row] = fixture.get('accounts?$select=name&$expand=primarycontactid/$ref').json.value;
    expect(row.primarycontactid).to.deep.equal({ '@odata.id': `${base}/contacts(${contact})` });
    const response = fixture.get('accounts?$expand=Account_Tasks/$ref');
    expect(response.status).to.equal(400);
    expect(response.json.error).to.deep.equal({
      code: '0x80060888',
      message: 'Expand with $ref is only supported on lookup type navigation property.',
    });
  });

  it('a row is found by a declared alternate key only', () => {
    fixture.store.addKey('account', 'new_number', ['accountnumber']);
    fixture.send('PATCH', `accounts(${account})`, { accountnumber: "O'Brien/1" });
    expect(fixture.get("accounts(accountnumber='O''Brien%2F1')?$select=name").json.name).to.equal('Litware');
    expect(fixture.get(`accounts(accountid=${account})?$select=name`).json.name).to.equal('Litware');
    const absent = fixture.get("accounts(accountnumber='none')");
    expect([absent.status, absent.json.error.code]).to.deep.equal([404, '0x80060891']);
    const wrong = fixture.get("accounts(name='Litware')");
    expect(wrong.status).to.equal(400);
    expect(wrong.json.error.message).to.match(/^The key in the request URI is not valid for resource/);
  });

  it('missing rows, properties and resources give Dataverse’s errors', () => {
    const missing = '00000000-0000-0000-0000-0000000000ff';
    const cases: [string, number, string, string][] = [
      [`accounts(${missing})`, 404, '0x80040217', `account With Id = ${missing} Does Not Exist`],
      ['Accounts', 404, '0x80060888', "Resource not found for the segment 'Accounts'."],
      [`accounts(${account})/nope`, 404, '0x80060888', "Resource not found for the segment 'nope'."],
      [
        'accounts?$select=Name',
        400,
        '0x80060888',
        "Could not find a property named 'Name' on type 'Microsoft.Dynamics.CRM.account'.",
      ],
    ];
    for (const [path, status, code, message] of cases) {
      const response = fixture.get(path);
      expect([response.status, response.json.error]).to.deep.equal([status, { code, message }], path);
    }
  });

  it('a function called with POST gives 404', () => {
    const { status, json } = fixture.send('POST', 'WhoAmI', {});
    expect(status).to.equal(404);
    expect(json.error).to.deep.equal({
      code: '',
      message: `No HTTP resource was found that matches the request URI '${base}/WhoAmI'.`,
    });
  });

  it('a caller who is not a member is rejected', () => {
    const { status, json } = fixture.asCaller({ isMember: false }).get('accounts');
    expect([status, json.error.code]).to.deep.equal([403, '0x80072560']);
  });
});
