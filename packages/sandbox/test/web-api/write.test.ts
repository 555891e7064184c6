import { expect } from 'chai';
import { base, createWebApiFixture, type WebApiFixture } from './fixture.ts';

describe('Web API: write rows', () => {
  let fixture: WebApiFixture;

  beforeEach(() => {
    fixture = createWebApiFixture();
  });
  afterEach(() => fixture.store.close());

  const errorOf = (response: ReturnType<WebApiFixture['get']>) => [
    response.status,
    response.json?.error.code,
  ];

  it('a create returns 204 and the URL of the row', () => {
    const { status, headers, text } = fixture.send('POST', 'accounts', { name: 'Litware' });
    expect([status, text]).to.deep.equal([204, '']);
    expect(headers['OData-EntityId']).to.match(
      /^http:\/\/org\.test\/api\/data\/v9\.2\/accounts\([0-9a-f-]{36}\)$/,
    );
  });

  it('return=representation returns the row with the selected columns', () => {
    const { status, json, headers } = fixture.send(
      'POST',
      'accounts?$select=name',
      { name: 'A' },
      { Prefer: 'return=representation' },
    );
    expect(status).to.equal(201);
    expect(json).to.have.all.keys('@odata.context', '@odata.etag', 'name', 'accountid');
    expect(headers).not.to.have.property('OData-EntityId');
    expect(headers['Preference-Applied']).to.equal('return=representation');
  });

  it('a create accepts an id, and rejects a taken one', () => {
    const accountid = '0000000a-0000-4000-8000-000000000001';
    expect(fixture.create('accounts', { accountid, name: 'A' })).to.equal(accountid);
    expect(errorOf(fixture.send('POST', 'accounts', { accountid, name: 'A' }))).to.deep.equal([
      412,
      '0x80040237',
    ]);
  });

  it('a deep insert creates related rows in both directions', () => {
    const account = fixture.create('accounts', {
      name: 'Fourth Coffee',
      primarycontactid: {
        firstname: 'Susie',
        lastname: 'Curtis',
        Contact_Tasks: [{ subject: 'Sign' }, { subject: 'Train' }],
      },
      opportunity_customer_accounts: [{ name: 'Big one', Opportunity_Tasks: [{ subject: 'Visit' }] }],
    });
    const contact = fixture.get(`accounts(${account})/primarycontactid`).json.contactid;
    expect(fixture.get(`contacts(${contact})/Contact_Tasks/$count`).text).to.equal('2');
    const [opportunity] = fixture.get(`accounts(${account})/opportunity_customer_accounts`).json.value;
    expect(opportunity._customerid_value).to.equal(account);
    expect(fixture.get(`opportunities(${opportunity.opportunityid})/Opportunity_Tasks/$count`).text).to.equal(
      '1',
    );
  });

  it('a failed deep insert is rolled back', () => {
    const { status } = fixture.send('POST', 'accounts', {
      name: 'A',
      primarycontactid: { lastname: 'B', nope: 1 },
    });
    expect(status).to.equal(400);
    expect([fixture.get('accounts/$count').text, fixture.get('contacts/$count').text]).to.deep.equal([
      '0',
      '0',
    ]);
  });

  it('@odata.bind accepts every form of a reference', () => {
    const contact = fixture.create('contacts', { lastname: 'B' });
    const forms = [
      `/contacts(${contact})`,
      `contacts(${contact})`,
      `${base}/contacts(${contact})`,
      `/api/data/v9.2/contacts(${contact})`,
      `/contacts(contactid=${contact})`,
    ];
    for (const form of forms) {
      const account = fixture.create('accounts', { name: 'A', 'primarycontactid@odata.bind': form });
      expect(
        fixture.get(`accounts(${account})?$select=_primarycontactid_value`).json._primarycontactid_value,
      ).to.equal(contact, form);
    }
  });

  it('setting one target of a polymorphic lookup clears the other', () => {
    const account = fixture.create('accounts', { name: 'A' });
    const contact = fixture.create('contacts', { lastname: 'B' });
    const id = fixture.create('incidents', {
      title: 'x',
      'customerid_account@odata.bind': `/accounts(${account})`,
    });
    fixture.send('PATCH', `incidents(${id})`, { 'customerid_contact@odata.bind': `/contacts(${contact})` });
    const path = `incidents(${id})`;
    expect(fixture.get(`${path}?$select=_customerid_value`).json._customerid_value).to.equal(contact);
    expect(fixture.get(`${path}/customerid_account`).status).to.equal(204);
  });

  it('null clears a lookup, with or without @odata.bind', () => {
    const contact = fixture.create('contacts', { lastname: 'B' });
    for (const body of [{ 'primarycontactid@odata.bind': null }, { primarycontactid: null }]) {
      const account = fixture.create('accounts', {
        name: 'A',
        'primarycontactid@odata.bind': `/contacts(${contact})`,
      });
      expect(fixture.send('PATCH', `accounts(${account})`, body).status).to.equal(204);
      expect(fixture.get(`accounts(${account})/primarycontactid`).status).to.equal(204);
    }
  });

  it('a single property can be set and cleared', () => {
    const account = fixture.create('accounts', { name: 'A', fax: '1' });
    expect(fixture.send('PUT', `accounts(${account})/telephone1`, { value: '555' }).status).to.equal(204);
    expect(fixture.send('DELETE', `accounts(${account})/fax`).status).to.equal(204);
    expect(fixture.get(`accounts(${account})?$select=telephone1,fax`).json).to.include({
      telephone1: '555',
      fax: null,
    });
  });

  it('$ref associates and disassociates rows of both types of collection', () => {
    const account = fixture.create('accounts', { name: 'A' });
    const contact = fixture.create('contacts', { lastname: 'B' });
    const opportunity = fixture.create('opportunities', { name: 'O' });
    const competitor = fixture.create('competitors', { name: 'C' });
    const pairs = [
      [`accounts(${account})/contact_customer_accounts`, `contacts(${contact})`],
      [`opportunities(${opportunity})/opportunitycompetitors_association`, `competitors(${competitor})`],
    ];
    for (const [collection, member] of pairs) {
      expect(
        fixture.send('POST', `${collection}/$ref`, { '@odata.id': `${base}/${member}` }).status,
      ).to.equal(204);
      expect(fixture.get(`${collection}/$count`).text).to.equal('1');
      expect(fixture.send('DELETE', `${collection}/$ref?$id=${base}/${member}`).status).to.equal(204);
      expect(fixture.get(`${collection}/$count`).text).to.equal('0');
    }
    fixture.send('POST', `accounts(${account})/contact_customer_accounts/$ref`, {
      '@odata.id': `contacts(${contact})`,
    });
    expect(
      fixture.send('DELETE', `accounts(${account})/contact_customer_accounts(${contact})/$ref`).status,
    ).to.equal(204);
    expect(fixture.get(`accounts(${account})/contact_customer_accounts/$count`).text).to.equal('0');
  });

  it('$ref sets and clears a lookup', () => {
    const account = fixture.create('accounts', { name: 'A' });
    const contact = fixture.create('contacts', { lastname: 'B' });
    fixture.send('PUT', `accounts(${account})/primarycontactid/$ref`, {
      '@odata.id': `contacts(${contact})`,
    });
    expect(fixture.get(`accounts(${account})/primarycontactid/$ref`).json['@odata.id']).to.equal(
      `${base}/contacts(${contact})`,
    );
    fixture.send('DELETE', `accounts(${account})/primarycontactid/$ref`);
    expect(fixture.get(`accounts(${account})/primarycontactid`).status).to.equal(204);
  });

  it('POST to a collection creates a row in it', () => {
    const account = fixture.create('accounts', { name: 'A' });
    expect(fixture.send('POST', `accounts(${account})/Account_Tasks`, { subject: 'T' }).status).to.equal(204);
    expect(fixture.get(`accounts(${account})/Account_Tasks/$count`).text).to.equal('1');
  });

  it('activity parties are created with the activity and replaced completely', () => {
    const contact = fixture.create('contacts', { lastname: 'B' });
    const party = (participationtypemask: number) => ({
      'partyid_contact@odata.bind': `/contacts(${contact})`,
      participationtypemask,
    });
    const email = fixture.create('emails', { subject: 'Hi', email_activity_parties: [party(2), party(3)] });
    const masks = () =>
      fixture
        .get(`emails(${email})/email_activity_parties`)
        .json.value.map((row: { participationtypemask: number }) => row.participationtypemask);
    expect(masks()).to.include.members([2, 3]);
    expect(
      fixture.send('PUT', `emails(${email})/email_activity_parties`, { value: [party(4)] }).status,
    ).to.equal(204);
    expect(masks()).to.deep.equal([4]);
  });

  it('an activity with two senders is rejected', () => {
    const from = {
      'partyid_systemuser@odata.bind': `/systemusers(${fixture.userId})`,
      participationtypemask: 1,
    };
    const { status, json } = fixture.send('POST', 'phonecalls', {
      subject: 'Hi',
      phonecall_activity_parties: [from, from],
    });
    expect([status, json.error]).to.deep.equal([
      400,
      { code: '0x80040203', message: 'Communication activity cannot have more than one Sender party' },
    ]);
  });

  it('invalid values give Dataverse’s error codes and texts', () => {
    const cases: [object, string, RegExp][] = [
      [
        { subject: 'x'.repeat(201) },
        '0x80044331',
        /^A validation error occurred. {2}The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'\.$/,
      ],
      [
        { statuscode: 99 },
        '0x8004431a',
        /The value 99 of 'statuscode' on record of type 'task' is outside the valid range\. Accepted Values: 2,3,4,5,6,7$/,
      ],
      [
        { prioritycode: 'high' },
        '0x80048d19',
        /Cannot convert the literal 'high' to the expected type 'Edm.Int32'\.$/,
      ],
      [
        { nope: 1 },
        '0x80048d19',
        /Invalid property 'nope' was found in entity 'Microsoft\.Dynamics\.CRM\.task'\./,
      ],
      [
        { 'nope@odata.bind': '/accounts(1)' },
        '0x80048d19',
        /An undeclared property 'nope' which only has property annotations/,
      ],
      [{ scheduledend: '2024-02-30T00:00:00Z' }, '0x80048d19', /'Edm\.DateTimeOffset'/],
      [
        { _regardingobjectid_value: fixture.userId },
        '0x80060888',
        /CRM do not support direct update of Entity Reference properties/,
      ],
      [
        { 'regardingobjectid_account_task@odata.bind': 'account(test)' },
        '0x80060888',
        /^URL was not parsed due to an ODataUnrecognizedPathException\./,
      ],
      [
        { 'regardingobjectid_account_task@odata.bind': '/accounts(0000000a-0000-4000-8000-000000000001)' },
        '0x80040217',
        /Does Not Exist$/,
      ],
      [
        { 'regardingobjectid_account_task@odata.bind': `/systemusers(${fixture.userId})` },
        '0x80048d19',
        /cannot be bound/,
      ],
    ];
    for (const [body, code, message] of cases) {
      const { json } = fixture.send('POST', 'tasks', body);
      expect(json.error.code, JSON.stringify(body)).to.equal(code);
      expect(json.error.message).to.match(message);
    }
  });

  it('null for a system-required column is rejected', () => {
    const account = `accounts(${fixture.create('accounts', { name: 'A' })})`;
    expect(errorOf(fixture.send('PATCH', account, { statecode: null }))).to.deep.equal([400, '0x80040203']);
    expect(fixture.send('PATCH', account, { name: null }).status).to.equal(204);
  });

  it('a body that is not a JSON object is rejected', () => {
    for (const body of ['', '{', '[]', 'null', '"x"', '{"name": tru}', '\u0000']) {
      expect(errorOf(fixture.send('POST', 'accounts', body))).to.deep.equal([400, '0x80048d19'], body);
    }
  });

  it('long decimals keep all digits', () => {
    const account = fixture.create('accounts', { name: 'A' });
    fixture.send('PATCH', `accounts(${account})`, '{"creditlimit": 90071992547409.9312}');
    expect(fixture.get(`accounts(${account})?$select=creditlimit`).text).to.include(
      '"creditlimit":90071992547409.9312',
    );
  });

  it('read-only columns are ignored', () => {
    const account = fixture.create('accounts', {
      name: 'A',
      createdon: '2001-01-01T00:00:00Z',
      versionnumber: 5,
      'createdby@odata.bind': null,
    });
    expect(fixture.get(`accounts(${account})/createdby`).status).to.equal(200);
    expect(fixture.get(`accounts(${account})?$select=createdon`).json.createdon).to.equal(
      '2024-05-01T08:00:00Z',
    );
  });

  it('duplicates are rejected only when the caller requests duplicate detection', () => {
    const lead = { lastname: 'Orton', emailaddress1: 'monte_orton@example.com' };
    const detect = { 'MSCRM.SuppressDuplicateDetection': 'false' };
    fixture.create('leads', lead);
    const { json, status } = fixture.send('POST', 'leads', lead, detect);
    expect([status, json.error.code]).to.deep.equal([412, '0x80040333']);
    expect(fixture.send('POST', 'leads', lead).status).to.equal(204);
  });

  it('an error has details for callers who request all annotations', () => {
    const { json } = fixture.send(
      'POST',
      'accounts',
      { nope: 1 },
      { Prefer: 'odata.include-annotations="*"' },
    );
    expect(json.error).to.include({
      '@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionCategory': 'ClientError',
      '@Microsoft.PowerApps.CDS.ErrorDetails.ApiExceptionHttpStatusCode': '400',
      '@Microsoft.PowerApps.CDS.InnerError.Message': json.error.message,
    });
  });
});
