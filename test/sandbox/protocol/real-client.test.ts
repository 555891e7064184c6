import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { DynamicsWebApi } from 'dynamics-web-api';
import { createOrganisation, type OrganisationApi } from '../../../src/sandbox/protocol/handle.ts';
import { createWorld, type World } from './world.ts';

/** A client that others wrote against real organisations must find nothing amiss. */
describe('a real client: DynamicsWebApi', () => {
  let world: World;
  let server: Server;
  let client: DynamicsWebApi;

  before(async () => {
    world = createWorld();
    const { server: listening, origin, serve } = await listen();
    server = listening;
    serve(createOrganisation({ store: world.store, origin }), world.userId);
    client = new DynamicsWebApi({ serverUrl: origin, dataApi: { version: '9.2' } });
  });
  after(() => {
    server.close();
    world.store.close();
  });

  it('asks who it is', async () => {
    const me = await client.callFunction<{ UserId: string }>({ functionName: 'WhoAmI' });
    expect(me.UserId).to.equal(world.userId);
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
    for (const lastname of ['A', 'B', 'C']) world.create('contacts', { lastname });
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
    const account = world.create('accounts', { name: 'A' });
    const contact = world.create('contacts', { lastname: 'Z' });
    const pair = {
      collection: 'accounts',
      primaryKey: account,
      relatedCollection: 'contacts',
      relatedKey: contact,
    };
    await client.associate({ ...pair, relationshipName: 'contact_customer_accounts' });
    expect(world.get(`accounts(${account})/contact_customer_accounts/$count`).text).to.equal('1');
    await client.disassociate({
      collection: 'accounts',
      primaryKey: account,
      relatedKey: contact,
      relationshipName: 'contact_customer_accounts',
    });
    expect(world.get(`accounts(${account})/contact_customer_accounts/$count`).text).to.equal('0');
  });

  it('sends a batch with references, and a fetch', async () => {
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

/** A bare HTTP server on loopback that hands requests to an organisation. */
async function listen() {
  let api: OrganisationApi;
  let userId = '';
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    const caller = { userId, organisationRead: true, member: true };
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
  const serve = (organisation: OrganisationApi, user: string) => {
    api = organisation;
    userId = user;
  };
  return { server, origin, serve };
}
