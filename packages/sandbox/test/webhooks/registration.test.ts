import { expect } from 'chai';
import { createWebhookFixture, type WebhookFixture } from './fixture.ts';

const label = (text: string) => ({
  '@odata.type': 'Microsoft.Dynamics.CRM.Label',
  LocalizedLabels: [
    { '@odata.type': 'Microsoft.Dynamics.CRM.LocalizedLabel', Label: text, LanguageCode: 1033 },
  ],
});

const parcelTable = {
  SchemaName: 'new_Parcel',
  DisplayName: label('Parcel'),
  DisplayCollectionName: label('Parcels'),
  OwnershipType: 'UserOwned',
  HasNotes: false,
  HasActivities: false,
  Attributes: [
    {
      '@odata.type': 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
      SchemaName: 'new_Name',
      IsPrimaryName: true,
      MaxLength: 100,
      FormatName: { Value: 'Text' },
      RequiredLevel: { Value: 'None' },
      DisplayName: label('Name'),
    },
  ],
};

const parcelFilters = "sdkmessagefilters?$filter=primaryobjecttypecode eq 'new_parcel'";

describe('registration of webhooks', () => {
  let fixture: WebhookFixture;

  before(async () => {
    fixture = await createWebhookFixture();
  });
  after(() => fixture.close());

  it('messages and filters are found by name and table', async () => {
    const message = await fixture.get("sdkmessages?$select=name&$filter=name eq 'Update'");
    const [{ sdkmessageid }] = message.json.value;
    expect(sdkmessageid).to.equal('20bebb1b-ea3e-db11-86a7-000a3a5473e8');
    const filter = `_sdkmessageid_value eq ${sdkmessageid} and primaryobjecttypecode eq 'incident'`;
    const { json } = await fixture.get(`sdkmessagefilters?$filter=${filter}`);
    expect(json.value).to.have.length(1);
    expect(json.value[0].iscustomprocessingstepallowed).to.equal(true);
  });

  it('the value for authentication is stored but never returned', async () => {
    const id = await fixture.addEndpoint({ authvalue: 'first' });
    const { json } = await fixture.get(`serviceendpoints(${id})`);
    expect(json).to.include({ contract: 8, isauthvalueset: true }).and.not.to.have.property('authvalue');
    expect((await fixture.get(`serviceendpoints(${id})?$select=authvalue`)).status).to.equal(400);
    expect((await fixture.get("serviceendpoints?$filter=authvalue eq 'first'")).status).to.equal(400);
    const xml = '<fetch><entity name="serviceendpoint"><all-attributes/></entity></fetch>';
    const fetched = await fixture.get(`serviceendpoints?fetchXml=${encodeURIComponent(xml)}`);
    expect(fetched.json.value[0]).not.to.have.property('authvalue');
    await fixture.send('PATCH', `serviceendpoints(${id})`, { authvalue: null });
    expect((await fixture.get(`serviceendpoints(${id})`)).json.isauthvalueset).to.equal(false);
  });

  it('steps are listed from their endpoint and deleted with it', async () => {
    const endpoint = await fixture.addEndpoint();
    const step = await fixture.addStep('Create', 'contact');
    const path = `serviceendpoints(${endpoint})/serviceendpoint_sdkmessageprocessingstep?$select=name,mode,stage`;
    const { json } = await fixture.get(path);
    expect(json.value[0]).to.include({ name: 'Create of contact', mode: 1, stage: 40 });
    const expanded = await fixture.get(
      `sdkmessageprocessingsteps(${step})?$expand=sdkmessageid($select=name),sdkmessagefilterid($select=primaryobjecttypecode)`,
    );
    expect(expanded.json.sdkmessageid.name).to.equal('Create');
    expect(expanded.json.sdkmessagefilterid.primaryobjecttypecode).to.equal('contact');
    expect((await fixture.send('DELETE', `serviceendpoints(${endpoint})`)).status).to.equal(204);
    expect((await fixture.get(`sdkmessageprocessingsteps(${step})`)).status).to.equal(404);
  });

  it('an asynchronous step runs after the operation only', async () => {
    await fixture.addEndpoint();
    const failure = await fixture.addStep('Create', 'contact', { stage: 20 }).catch((error: Error) => error);
    expect(String(failure)).to.include('0x80044170');
  });

  const refusedEndpoints: Readonly<Record<string, object>> = {
    'without a name': { name: undefined },
    'without a contract': { contract: undefined },
    'with another scheme than http': { url: 'ftp://127.0.0.1/hook' },
    'with a relative address': { url: '/hook' },
  };
  for (const [title, values] of Object.entries(refusedEndpoints)) {
    it(`refuses an endpoint ${title}`, async () => {
      const failure = await fixture.addEndpoint(values).catch((error: Error) => error);
      expect(String(failure)).to.include('400');
    });
  }

  const refusedImages: Readonly<Record<string, readonly [string, object, string]>> = {
    'before a Create': ['Create', { imagetype: 0 }, '0x8004416d'],
    'after a Delete': ['Delete', { imagetype: 1 }, '0x8004416d'],
    'after the operation of an earlier stage': ['Update', { imagetype: 2, stage: 20 }, '0x8004416e'],
  };
  for (const [title, [message, { stage = 40, ...image }, code]] of Object.entries(
    refusedImages as Readonly<Record<string, readonly [string, { stage?: number }, string]>>,
  )) {
    it(`refuses an image ${title}`, async () => {
      await fixture.addEndpoint();
      const step = await fixture.addStep(message, 'lead', { stage, mode: stage === 40 ? 1 : 0 });
      const { status, json } = await fixture.send('POST', 'sdkmessageprocessingstepimages', {
        name: 'image',
        entityalias: 'image',
        messagepropertyname: 'Target',
        'sdkmessageprocessingstepid@odata.bind': `/sdkmessageprocessingsteps(${step})`,
        ...image,
      });
      expect([status, json.error.code]).to.deep.equal([400, code]);
    });
  }

  const messagesOfParcel = async (): Promise<readonly string[]> => {
    const { json } = await fixture.get(`${parcelFilters}&$expand=sdkmessageid($select=name)`);
    return json.value.map((row: { sdkmessageid: { name: string } }) => row.sdkmessageid.name);
  };

  it('a custom table has filters as soon as it exists, and none after it is deleted', async () => {
    const created = await fixture.send('POST', 'EntityDefinitions', parcelTable);
    expect(created.status).to.equal(204);
    expect(await messagesOfParcel()).to.include.members(['Create', 'Update', 'Assign', 'SetState']);
    expect(await messagesOfParcel()).not.to.include.members(['Win', 'Merge', 'Associate']);
    await fixture.send('DELETE', "EntityDefinitions(LogicalName='new_parcel')");
    expect((await fixture.get(parcelFilters)).json.value).to.have.length(0);
  });

  it('a table gets filters of the messages that exist', async () => {
    await fixture.send('DELETE', 'sdkmessages(20bebb1b-ea3e-db11-86a7-000a3a5473e8)');
    const created = await fixture.send('POST', 'EntityDefinitions', parcelTable);
    expect(created.status).to.equal(204);
    expect(await messagesOfParcel())
      .to.include('Create')
      .and.not.to.include('Update');
  });
});
