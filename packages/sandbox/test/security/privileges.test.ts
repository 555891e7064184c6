import { expect } from 'chai';
import { createSecurityHarness, type HttpResponse, type HttpUser, type SecurityHarness } from './harness.ts';

const errorOf = ({ status, json }: HttpResponse) => [status, json.error?.code];
const missing = (privilege: string) =>
  new RegExp(
    `^Principal user \\(Id=[\\w-]{36}, type=8, roleCount=\\d+, privilegeCount=\\d+, accessMode='0 Read-Write', .*\\), is missing ${privilege} privilege \\(Id=[\\w-]{36}\\)`,
  );

describe('security roles: privileges', () => {
  let harness: SecurityHarness;
  let admin: HttpUser;
  let basic: HttpUser;
  let agent: HttpUser;
  let account: string;
  before(async () => {
    harness = await createSecurityHarness({
      basic: ['Basic User'],
      agent: ['Customer Service Representative'],
      nobody: [],
    });
    admin = harness.admin;
    basic = harness.as('basic');
    agent = harness.as('agent');
    account = await admin.create('accounts', { name: 'Of the administrator' });
  });
  after(() => harness.close());

  it('a user without a role gets 403 0x80042f09 for each request', async () => {
    const nobody = harness.as('nobody');
    for (const path of ['WhoAmI', 'accounts', 'EntityDefinitions'])
      expect(errorOf(await nobody.get(path)), path).to.deep.equal([403, '0x80042f09']);
  });

  it('a query returns only the rows that the user can read', async () => {
    const own = await basic.create('accounts', { name: 'Own' });
    const { json } = await basic.get('accounts?$select=name&$count=true');
    expect(json.value.map((row: { accountid: string }) => row.accountid)).to.deep.equal([own]);
    expect(json['@odata.count']).to.equal(1);
    expect((await basic.get('accounts/$count')).json).to.match(/1$/);
    const all = await admin.get('accounts?$select=name');
    expect(all.json.value).to.have.length(2);
  });

  it('FetchXML, $apply and links return only the rows that the user can read', async () => {
    const own = await basic.create('contacts', { lastname: 'Own' });
    await admin.create('contacts', {
      lastname: 'Hidden',
      'parentcustomerid_account@odata.bind': `/accounts(${account})`,
    });
    const fetchXml = '<fetch><entity name="contact"><attribute name="lastname"/></entity></fetch>';
    const rows = await basic.get(`contacts?fetchXml=${encodeURIComponent(fetchXml)}`);
    expect(rows.json.value.map((row: { contactid: string }) => row.contactid)).to.deep.equal([own]);
    const aggregate = await basic.get('contacts?$apply=aggregate($count as n)');
    expect(aggregate.json.value).to.deep.equal([{ n: 1 }]);
    const linked =
      '<fetch><entity name="contact"><link-entity name="account" from="accountid" to="parentcustomerid" alias="a"><attribute name="name"/></link-entity></entity></fetch>';
    expect((await basic.get(`contacts?fetchXml=${encodeURIComponent(linked)}`)).json.value).to.deep.equal([]);
    expect((await admin.get(`contacts?fetchXml=${encodeURIComponent(linked)}`)).json.value).to.have.length(1);
  });

  it('$expand leaves out rows that the user cannot read', async () => {
    const own = await basic.create('accounts', { name: 'With a hidden contact' });
    const contact = await admin.create('contacts', {
      lastname: 'Hidden',
      'parentcustomerid_account@odata.bind': `/accounts(${own})`,
    });
    await admin.send('PATCH', `accounts(${own})`, {
      'primarycontactid@odata.bind': `/contacts(${contact})`,
    });
    const { json } = await basic.get(
      `accounts(${own})?$select=name&$expand=primarycontactid($select=lastname),contact_customer_accounts($select=lastname)`,
    );
    expect(json.primarycontactid).to.equal(null);
    expect(json.contact_customer_accounts).to.deep.equal([]);
  });

  it('a missing privilege is 403 0x80040220 with its name, in reads, expands, links and writes', async () => {
    const requests = [
      await basic.get('incidents'),
      await basic.get(`accounts?$expand=incident_customer_accounts($select=title)`),
      await basic.get("accounts?$filter=incident_customer_accounts/any(c:c/title eq 'x')"),
      await basic.get(
        `accounts?fetchXml=${encodeURIComponent('<fetch><entity name="account"><link-entity name="incident" from="customerid" to="accountid"/></entity></fetch>')}`,
      ),
      await basic.get(`incidents(${account})`),
    ];
    for (const response of requests) {
      expect(errorOf(response)).to.deep.equal([403, '0x80040220']);
      expect(response.json.error.message).to.match(missing('prvReadIncident'));
      expect(response.json.error.message).to.include(
        "on OTC=112 for entity 'incident' (LocalizedName='Case')",
      );
    }
    const created = await basic.send('POST', 'incidents', { title: 'x' });
    expect(created.json.error.message).to.match(missing('prvCreateIncident'));
    expect((await admin.get('incidents')).json.value).to.deep.equal([]);
  });

  it('a row of another owner is 403 0x80048306 with the missing right', async () => {
    const mine = await agent.create('accounts', { name: 'Of the agent' });
    for (const [response, right] of [
      [await basic.get(`accounts(${account})`), 'ReadAccess'],
      [await basic.get(`accounts(${account})/name`), 'ReadAccess'],
      [await basic.send('PATCH', `accounts(${account})`, { name: 'x' }), 'WriteAccess'],
      [await basic.send('PUT', `accounts(${account})/name`, { value: 'x' }), 'WriteAccess'],
      [await basic.send('DELETE', `accounts(${account})`), 'DeleteAccess'],
      [await agent.send('PATCH', `accounts(${account})`, { name: 'x' }), 'WriteAccess'],
    ] as const) {
      expect(errorOf(response)).to.deep.equal([403, '0x80048306']);
      expect(response.json.error.message).to.match(
        new RegExp(
          `^Principal with id [\\w-]{36} does not have ${right} right\\(s\\) for record with id ${account} of entity account`,
        ),
      );
    }
    expect((await agent.send('PATCH', `accounts(${mine})`, { name: 'Renamed' })).status).to.equal(204);
    const denied = await agent.send('DELETE', `accounts(${mine})`);
    expect(denied.json.error.message).to.match(missing('prvDeleteAccount'));
    expect((await admin.get(`accounts(${account})?$select=name`)).json.name).to.equal('Of the administrator');
  });

  it('a lookup needs Append on the row and AppendTo on the referenced row, but no right to read it', async () => {
    const response = await basic.send('POST', 'contacts', {
      lastname: 'x',
      'parentcustomerid_account@odata.bind': `/accounts(${account})`,
    });
    expect(errorOf(response)).to.deep.equal([403, '0x80048306']);
    expect(response.json.error.message).to.include(`AppendToAccess right(s) for record with id ${account}`);
    const created = await agent.send('POST', 'contacts', {
      lastname: 'x',
      'parentcustomerid_account@odata.bind': `/accounts(${account})`,
    });
    expect(created.status).to.equal(204);
  });

  it('a refused write leaves nothing behind, also in a change set', async () => {
    const before = (await admin.get('contacts/$count')).json;
    const boundary = 'changeset_1';
    const part = (id: number, path: string, body: object) =>
      [
        `--${boundary}`,
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        `Content-ID: ${id}`,
        '',
        `POST /api/data/v9.2/${path} HTTP/1.1`,
        'Content-Type: application/json',
        '',
        JSON.stringify(body),
      ].join('\r\n');
    const changeSet = [
      '--batch_1',
      `Content-Type: multipart/mixed; boundary=${boundary}`,
      '',
      part(1, 'contacts', { lastname: 'Not kept' }),
      part(2, 'incidents', { title: 'Refused' }),
      `--${boundary}--`,
      '--batch_1--',
      '',
    ].join('\r\n');
    const { organization } = harness.sandbox;
    const response = await fetch(`${organization.origin}/api/data/v9.2/$batch`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${harness.sandbox.issueToken(basic.user)}`,
        'content-type': 'multipart/mixed; boundary=batch_1',
      },
      body: changeSet,
    });
    expect(await response.text()).to.include('prvCreateIncident');
    expect((await admin.get('contacts/$count')).json).to.equal(before);
  });

  it('assigning a row needs Assign, and gives access to the new owner', async () => {
    const own = await basic.create('accounts', { name: 'To be assigned' });
    const bind = { 'ownerid@odata.bind': `/systemusers(${agent.id})` };
    expect((await basic.send('PATCH', `accounts(${own})`, bind)).status).to.equal(204);
    expect(errorOf(await basic.get(`accounts(${own})`))).to.deep.equal([403, '0x80048306']);
    const back = { 'ownerid@odata.bind': `/systemusers(${basic.id})` };
    expect(errorOf(await basic.send('PATCH', `accounts(${own})`, back))).to.deep.equal([403, '0x80048306']);
    harness.sandbox.organization.setPrivilege(agent.user, 'prvAssignAccount', false);
    const denied = await agent.send('PATCH', `accounts(${own})`, back);
    expect(denied.json.error.message).to.match(missing('prvAssignAccount'));
  });

  it('change tracking needs Read for the organization', async () => {
    const track = { prefer: 'odata.track-changes' };
    expect((await agent.get('accounts?$select=name', track)).status).to.equal(200);
    const denied = await basic.get('accounts?$select=name', track);
    expect(errorOf(denied)).to.deep.equal([403, '0x80040220']);
    expect(denied.json.error.message).to.match(missing('prvReadAccount'));
  });

  it('search finds only rows that the user can read', async () => {
    await admin.create('accounts', { name: 'Searchable Hidden' });
    const own = await basic.create('accounts', { name: 'Searchable Own' });
    const { json } = await basic.send('POST', 'searchquery', { search: 'Searchable' });
    const found = JSON.parse(json.response).Value.map((hit: { Id: string }) => hit.Id);
    expect(found).to.deep.equal([own]);
  });

  it('only customizers create tables, and get all privileges of them', async () => {
    const table = {
      '@odata.type': 'Microsoft.Dynamics.CRM.EntityMetadata',
      SchemaName: 'new_Parcel',
      OwnershipType: 'UserOwned',
      DisplayName: { LocalizedLabels: [{ Label: 'Parcel', LanguageCode: 1033 }] },
      DisplayCollectionName: { LocalizedLabels: [{ Label: 'Parcels', LanguageCode: 1033 }] },
      Attributes: [
        {
          '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
          SchemaName: 'new_Name',
          IsPrimaryName: true,
          MaxLength: 100,
          DisplayName: { LocalizedLabels: [{ Label: 'Name', LanguageCode: 1033 }] },
        },
      ],
    };
    const denied = await basic.send('POST', 'EntityDefinitions', table);
    expect(denied.json.error.message).to.match(missing('prvCreateEntity'));
    expect((await admin.send('POST', 'EntityDefinitions', table)).status).to.equal(204);
    expect((await admin.create('new_parcels', { new_name: 'One' })).length).to.equal(36);
    expect((await basic.get('new_parcels')).json.error.message).to.match(missing('prvReadnew_Parcel'));
    const { json } = await admin.get("privileges?$select=name&$filter=contains(name,'new_Parcel')");
    expect(json.value).to.have.length(8);
    harness.sandbox.organization.setRoles(agent.user, ['System Customizer']);
    expect((await agent.get('new_parcels?$select=new_name')).json.value).to.have.length(1);
    harness.sandbox.organization.setRoles(agent.user, ['Customer Service Representative']);
    expect((await admin.send('DELETE', "EntityDefinitions(LogicalName='new_parcel')")).status).to.equal(204);
    expect((await admin.get("privileges?$filter=contains(name,'new_Parcel')")).json.value).to.deep.equal([]);
  });
});
