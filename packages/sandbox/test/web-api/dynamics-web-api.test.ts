import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { DynamicsWebApi } from 'dynamics-web-api';
import { createWebApi, type WebApi } from '../../src/web-api/web-api.ts';
import { createWebApiFixture, type WebApiFixture } from './fixture.ts';

/** A client library that was written against real organizations must work unchanged. */
describe('client library DynamicsWebApi', () => {
  let fixture: WebApiFixture;
  let server: Server;
  let client: DynamicsWebApi;

  before(async () => {
    fixture = createWebApiFixture();
    const { server: listening, origin, serve } = await listen();
    server = listening;
    serve(createWebApi({ store: fixture.store, origin }), fixture.userId);
    client = new DynamicsWebApi({ serverUrl: origin, dataApi: { version: '9.2' } });
  });
  after(() => {
    server.close();
    fixture.store.close();
  });

  it('calls WhoAmI', async () => {
    const me = await client.callFunction<{ UserId: string }>({ functionName: 'WhoAmI' });
    expect(me.UserId).to.equal(fixture.userId);
  });

  it('creates, reads, updates, upserts and deletes', async () => {
    const id = String(await client.create({ collection: 'accounts', data: { name: 'Litware' } }));
    await client.update({ collection: 'accounts', key: id, data: { telephone1: '555' } });
    const row = await client.retrieve({ collection: 'accounts', key: id, select: ['name', 'telephone1'] });
    expect(row).to.include({ name: 'Litware', telephone1: '555' });
    await client.updateSingleProperty({ collection: 'accounts', key: id, fieldValuePair: { fax: '1' } });
    const made = await client.create<{ name: string }>({
      collection: 'accounts',
      data: { name: 'Shown' },
      returnRepresentation: true,
      select: ['name'],
    });
    expect(made.name).to.equal('Shown');
    expect(await client.deleteRecord({ collection: 'accounts', key: id })).to.equal(true);
    expect(
      await client
        .retrieve({ collection: 'accounts', key: id })
        .catch((error: { status: number }) => error.status),
    ).to.equal(404);
  });

  it('pages, counts and expands', async () => {
    for (const lastname of ['A', 'B', 'C']) fixture.create('contacts', { lastname });
    const page = await client.retrieveMultiple({
      collection: 'contacts',
      select: ['lastname'],
      maxPageSize: 2,
      count: true,
    });
    expect(page.value).to.have.length(2);
    expect(page.oDataCount).to.equal(3);
    const all = await client.retrieveAll({
      collection: 'contacts',
      select: ['lastname'],
      expand: [{ property: 'createdby', select: ['fullname'] }],
    });
    expect(all.value).to.have.length(3);
    expect(await client.count({ collection: 'contacts' })).to.equal(3);
  });

  it('associates and disassociates', async () => {
    const account = fixture.create('accounts', { name: 'A' });
    const contact = fixture.create('contacts', { lastname: 'Z' });
    const pair = {
      collection: 'accounts',
      primaryKey: account,
      relatedCollection: 'contacts',
      relatedKey: contact,
    };
    await client.associate({ ...pair, relationshipName: 'contact_customer_accounts' });
    expect(fixture.get(`accounts(${account})/contact_customer_accounts/$count`).text).to.equal('1');
    await client.disassociate({
      collection: 'accounts',
      primaryKey: account,
      relatedKey: contact,
      relationshipName: 'contact_customer_accounts',
    });
    expect(fixture.get(`accounts(${account})/contact_customer_accounts/$count`).text).to.equal('0');
  });

  it('sends a batch with references, and FetchXML', async () => {
    client.startBatch();
    client.create({ collection: 'contacts', data: { lastname: 'Batch' }, contentId: '1' });
    client.create({ collection: 'accounts', data: { name: 'Batch', 'primarycontactid@odata.bind': '$1' } });
    const made = await client.executeBatch();
    expect(made).to.have.length(2);
    const fetchXml =
      '<fetch><entity name="account"><attribute name="name"/><filter><condition attribute="name" operator="eq" value="Batch"/></filter></entity></fetch>';
    const { value } = await client.fetch({ collection: 'accounts', fetchXml });
    expect(value).to.have.length(1);
  });

  it('upserts by id and by alternate key', async () => {
    fixture.store.addKey('account', 'number_key', ['accountnumber']);
    const data = { name: 'Fabrikam', telephone1: '1' };
    const key = "accountnumber='F-1'";
    await client.upsert({ collection: 'accounts', key, data });
    await client.upsert({ collection: 'accounts', key, data: { telephone1: '2' } });
    const row = await client.retrieve<{ name: string; telephone1: string; accountid: string }>({
      collection: 'accounts',
      key,
      select: ['name', 'telephone1'],
    });
    expect(row).to.include({ name: 'Fabrikam', telephone1: '2' });
    await client.upsert({ collection: 'accounts', key: row.accountid, data: { telephone1: '3' } });
    expect(fixture.get(`accounts(${row.accountid})`).json.telephone1).to.equal('3');
    const kept = await client.upsert({
      collection: 'accounts',
      key: row.accountid,
      data: { telephone1: '4' },
      ifnonematch: '*',
    });
    expect(kept).to.equal(null);
  });

  it('reads all pages of a FetchXML query', async () => {
    for (const subject of ['A', 'B', 'C', 'D', 'E']) fixture.create('tasks', { subject });
    const fetchXml =
      '<fetch count="2"><entity name="task"><attribute name="subject"/><order attribute="subject"/></entity></fetch>';
    const { value } = await client.fetchAll<{ subject: string }>({
      collection: 'tasks',
      fetchXml,
      includeAnnotations: '*',
    });
    expect(value.map(({ subject }) => subject).join('')).to.equal('ABCDE');
  });

  it('sets, clears and reads a lookup', async () => {
    const account = fixture.create('accounts', { name: 'A' });
    const contact = fixture.create('contacts', { lastname: 'Primary' });
    const pair = { collection: 'accounts', primaryKey: account, navigationProperty: 'primarycontactid' };
    await client.associateSingleValued({ ...pair, relatedCollection: 'contacts', relatedKey: contact });
    const found = await client.retrieve<{ lastname: string }>({
      collection: 'accounts',
      key: account,
      navigationProperty: 'primarycontactid',
    });
    expect(found.lastname).to.equal('Primary');
    await client.disassociateSingleValued(pair);
    expect(fixture.get(`accounts(${account})`).json._primarycontactid_value).to.equal(null);
  });

  it('calls bound and unbound functions and actions', async () => {
    const account = fixture.create('accounts', { name: 'A' });
    const incident = fixture.create('incidents', {
      title: 'Late',
      'customerid_account@odata.bind': `/accounts(${account})`,
    });
    const time = await client.callFunction<{ TotalTime: number }>({
      collection: 'incidents',
      key: incident,
      functionName: 'Microsoft.Dynamics.CRM.CalculateTotalTimeIncident',
    });
    expect(time.TotalTime).to.equal(0);
    const counted = await client.callFunction<{ EntityRecordCountCollection: { Values: number[] } }>({
      functionName: 'RetrieveTotalRecordCount',
      parameters: { EntityNames: ['incident'] },
    });
    expect(counted.EntityRecordCountCollection.Values).to.deep.equal([1]);
    const queue = fixture.create('queues', { name: 'Q' });
    const added = await client.callAction<{ QueueItemId: string }>({
      collection: 'queues',
      key: queue,
      actionName: 'Microsoft.Dynamics.CRM.AddToQueue',
      action: { Target: { incidentid: incident, '@odata.type': 'Microsoft.Dynamics.CRM.incident' } },
    });
    expect(fixture.get(`queueitems(${added.QueueItemId})`).json._objectid_value).to.equal(incident);
    await client.callAction({
      actionName: 'CloseIncident',
      action: {
        Status: 5,
        IncidentResolution: { subject: 'Done', 'incidentid@odata.bind': `/incidents(${incident})` },
      },
    });
    expect(fixture.get(`incidents(${incident})`).json.statecode).to.equal(1);
  });

  it('reads changes from a delta link', async () => {
    const gone = fixture.create('leads', { subject: 'Gone', lastname: 'G' });
    const first = await client.retrieveMultiple({
      collection: 'leads',
      select: ['subject'],
      trackChanges: true,
    });
    const link = first['@odata.deltaLink']!;
    const made = fixture.create('leads', { subject: 'New', lastname: 'N' });
    fixture.send('DELETE', `leads(${gone})`);
    const { value } = await client.retrieveMultiple({ collection: 'leads' }, link);
    const ids = value.map(({ leadid, id, reason }) => ({ id: leadid ?? id, reason }));
    expect(ids).to.deep.equal([
      { id: made, reason: undefined },
      { id: gone, reason: 'deleted' },
    ]);
  });

  it('uploads a file in chunks, downloads and deletes it', async () => {
    fixture.store.addColumn('account', {
      ...{ logicalName: 'new_file', schemaName: 'new_File', displayName: 'File', type: 'File' },
      ...{ required: 'None', validForCreate: true, validForUpdate: true },
    });
    const fileColumn = {
      collection: 'accounts',
      key: fixture.create('accounts', { name: 'A' }),
      property: 'new_file',
    };
    const data = Buffer.alloc(5 * 1024 * 1024, 'abc');
    await client.uploadFile({ ...fileColumn, fileName: 'a b.txt', data });
    const found = await client.downloadFile(fileColumn);
    expect(decodeURIComponent(found.fileName)).to.equal('a b.txt');
    expect(Buffer.from(found.data).equals(data)).to.equal(true);
    await client.deleteRecord(fileColumn);
    expect(fixture.get(`accounts(${fileColumn.key})/new_file/$value`).status).to.equal(404);
  });

  it('rolls a failed change set back', async () => {
    const before = await client.count({ collection: 'letters' });
    client.startBatch();
    client.create({ collection: 'letters', data: { subject: 'One' } });
    client.create({ collection: 'letters', data: { nonsense: 1 } });
    const [failure] = await client.executeBatch().catch((errors: { status: number }[]) => errors);
    expect(failure).to.include({ status: 400 });
    expect(await client.count({ collection: 'letters' })).to.equal(before);
  });

  it('queries metadata of tables, columns, relationships and choices', async () => {
    const tables = await client.retrieveEntities({
      select: ['LogicalName'],
      filter: "IsActivity eq true and LogicalName eq 'email'",
    });
    expect(tables.value.map(({ LogicalName }) => LogicalName)).to.deep.equal(['email']);
    const column = await client.retrieveAttribute({
      entityKey: "LogicalName='incident'",
      attributeKey: "LogicalName='title'",
      castType: 'Microsoft.Dynamics.CRM.StringAttributeMetadata',
    });
    expect(column.MaxLength).to.equal(200);
    const relationships = await client.retrieveRelationships({
      castType: 'Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata',
      filter: "ReferencingEntity eq 'incident' and ReferencedEntity eq 'account'",
      select: ['SchemaName'],
    });
    expect(relationships.value).not.to.have.length(0);
    const choice = await client.retrieveGlobalOptionSet({ key: "Name='budgetstatus'" });
    expect(choice).to.include({ Name: 'budgetstatus', IsGlobal: true });
  });

  it('reads metadata', async () => {
    const entity = await client.retrieveEntity({ key: "LogicalName='incident'", select: ['EntitySetName'] });
    expect(entity.EntitySetName).to.equal('incidents');
    const attributes = await client.retrieveAttributes({
      entityKey: "LogicalName='incident'",
      castType: 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
      select: ['LogicalName'],
      expand: [{ property: 'OptionSet' }],
    });
    expect(attributes.value!.length).to.be.greaterThan(3);
  });
});

/** A minimal HTTP server on the loopback address that passes requests to an organization. */
async function listen() {
  let api: WebApi;
  let userId = '';
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    const caller = { userId, isMember: true };
    const {
      status,
      headers: answered,
      body,
    } = api.handle({
      method: incoming.method!,
      target: incoming.url!,
      headers,
      body: Buffer.concat(chunks),
      caller,
    });
    outgoing.writeHead(status, answered).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const serve = (organization: WebApi, user: string) => {
    api = organization;
    userId = user;
  };
  return { server, origin, serve };
}
