import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { type JsonObject, type LogEvent, Secret } from 'dynamics365-connector';
import { openService, type ServiceFixture } from './fixture.ts';

interface Received {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
}

describe('service: subscriptions', () => {
  let fixture: ServiceFixture;
  let receiver: Server;
  let address: string;
  let received: Received[];
  let status: number;
  const events: LogEvent[] = [];

  before(async () => {
    fixture = await openService({ services: { log: (event) => events.push(event) } });
    receiver = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      received.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  });
  beforeEach(() => {
    received = [];
    status = 204;
  });
  after(async () => {
    await fixture.close();
    receiver.close();
  });

  const subscribe = async (changes: object = {}, key?: string) =>
    await fixture.call('/v1/subscriptions', {
      key,
      body: { connection: 'contoso', trigger: 'account.created', url: address, every: '1s', ...changes },
    });
  const waitFor = async (isTrue: () => boolean | Promise<boolean>) => {
    for (let count = 0; count < 300; count++) {
      if (await isTrue()) return;
      await sleep(100);
    }
    throw new Error('It did not happen within 30 s.');
  };
  const read = async (id: string) => (await fixture.call(`/v1/subscriptions/${id}`)).body;
  const waitForPoll = (id: string) => waitFor(async () => (await read(id)).polledAgoMs !== undefined);

  it('are refused with a start that is no time, and with a user that is no id', async () => {
    for (const changes of [{ from: 'yesterday' }, { from: '9999-99-99' }, { ignoreChangesBy: 'me' }]) {
      const { body } = await subscribe(changes);
      expect(body, JSON.stringify(changes)).to.include({ status: 422, code: 'INPUT_INVALID' });
    }
  });

  it('of a trigger that the manifest no longer has are paused with the reason, and the others run on', async () => {
    const { store, vault } = fixture.connections;
    const id = 'sub_0123456789abcdef';
    const stored = {
      id,
      owner: '',
      connection: 'contoso',
      trigger: 'parcel.created',
      params: {},
      url: address,
    };
    const secret = new Secret(`whsec_${Buffer.alloc(32).toString('base64')}`);
    await vault.write({ connection: `service-subscription-${id}`, field: 'secret' }, secret);
    await store.set(`service/subscription/${id}`, JSON.stringify({ ...stored, createdAt: '' }));
    const created = await subscribe();
    expect(created.status, created.text).to.equal(201);
    await waitForPoll(String(created.body.id));
    await waitFor(async () => (await read(id)).state === 'paused');
    expect((await read(id)).reason)
      .to.contain('OPERATION_UNKNOWN')
      .and.contain('parcel.created');
    for (const each of [id, created.body.id])
      await fixture.call(`/v1/subscriptions/${each}`, { method: 'DELETE' });
  });

  it('that cannot be read in the store are logged, and the others run on', async () => {
    const { store } = fixture.connections;
    const damaged = ['not JSON', 'null', '[]', '{"id":1}', ''];
    for (const [at, text] of damaged.entries()) await store.set(`service/subscription/sub_${at}`, text);
    const created = await subscribe();
    expect(created.status, created.text).to.equal(201);
    await waitForPoll(String(created.body.id));
    const unreadable = events.filter(({ event }) => event === 'service.subscription-unreadable');
    expect(unreadable.map(({ fields }) => fields.subscription)).to.deep.equal(
      damaged.map((_text, at) => `sub_${at}`),
    );
    const { body } = await fixture.call('/v1/subscriptions');
    expect(body.subscriptions).to.have.lengthOf(1);
    await fixture.call(`/v1/subscriptions/${created.body.id}`, { method: 'DELETE' });
    for (const at of damaged.keys()) await store.delete(`service/subscription/sub_${at}`);
  });

  it('send signed events of a trigger to a webhook until they are deleted', async () => {
    const created = await subscribe();
    expect(created.status, created.text).to.equal(201);
    const { id, secret } = created.body as { readonly id: string; readonly secret: string };
    expect(created.headers.get('location')).to.equal(`${fixture.service.url}/v1/subscriptions/${id}`);
    await waitForPoll(id);
    await fixture.run('account.create', { name: 'Watched' });
    await waitFor(() => received.length > 0);
    const [{ headers, body }] = received as [Received];
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).to.equal(
      `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
    );
    const event = JSON.parse(body) as { readonly data: { readonly item: { readonly row: JsonObject } } };
    expect(event.data.item.row.name).to.equal('Watched');
    expect(await read(id)).to.not.have.property('secret');
    const removed = await fixture.call(`/v1/subscriptions/${id}`, { method: 'DELETE' });
    expect(removed.status).to.equal(204);
    expect((await fixture.call(`/v1/subscriptions/${id}`)).body.code).to.equal('SUBSCRIPTION_UNKNOWN');
  });

  it('pause when the target is gone, resume, and pause again', async () => {
    const { body } = await subscribe();
    const id = String(body.id);
    await waitForPoll(id);
    status = 410;
    await fixture.run('account.create', { name: 'Refused' });
    await waitFor(async () => (await read(id)).state === 'paused');
    status = 422;
    await fixture.call(`/v1/subscriptions/${id}`, { method: 'PATCH', body: { paused: false } });
    await waitFor(() => received.length > 1);
    const paused = await fixture.call(`/v1/subscriptions/${id}`, { method: 'PATCH', body: { paused: true } });
    expect(paused.body.state).to.equal('paused');
    await fixture.call(`/v1/subscriptions/${id}`, { method: 'DELETE' });
  });

  it('are made and ended as the document for Power Platform says', async () => {
    const { body: document } = await fixture.call('/v1/connections/contoso/swagger.json?actions=account.*');
    const paths = Object.keys(document.paths as JsonObject);
    const path = paths.find((each) => each.includes('account.created'));
    const created = await fixture.call(`${document.basePath}${path}`, { body: { url: address, params: {} } });
    expect(created.status, created.text).to.equal(201);
    expect(created.body).to.include({ connection: 'contoso', trigger: 'account.created' });
    const location = new URL(created.headers.get('location') ?? '').pathname;
    expect((await fixture.call(location, { method: 'DELETE' })).status).to.equal(204);
    const foreign = await fixture.call(`${document.basePath}${path}`, {
      body: { url: address, connection: 'fabrikam' },
    });
    expect(foreign.body.code).to.equal('INPUT_INVALID');
    const key = await fixture.createKey({ scopes: ['actions:read'] });
    const denied = await fixture.call(`${document.basePath}${path}`, { key, body: { url: address } });
    expect(denied.body.code).to.equal('SCOPE_MISSING');
  });

  it('are refused for an address that is not public', async () => {
    for (const url of ['http://example.com/', 'https://10.0.0.1/', 'https://u:p@example.com/', 'x']) {
      const { body } = await subscribe({ url });
      expect(body, url).to.include({ status: 422, code: 'TARGET_REFUSED' });
    }
  });

  it('are refused for a wrong trigger, wrong params and an unknown member', async () => {
    expect((await subscribe({ trigger: 'account.craeted' })).body.code).to.equal('OPERATION_UNKNOWN');
    expect((await subscribe({ params: { nothing: 1 } })).body.code).to.equal('INPUT_INVALID');
    expect((await subscribe({ intervall: '5m' })).body.code).to.equal('INPUT_INVALID');
    expect((await subscribe({ connection: 'fabrikam' })).body.code).to.equal('CONNECTION_UNKNOWN');
    expect((await subscribe({ every: '0s' })).body.code).to.equal('INPUT_INVALID');
  });

  it('of one customer are unknown to the key of another', async () => {
    const [first, second] = [
      await fixture.createKey({ connections: ['contoso'] }),
      await fixture.createKey({ connections: ['contoso'] }),
    ];
    const { body } = await subscribe({}, first);
    const path = `/v1/subscriptions/${body.id}`;
    for (const call of [
      fixture.call(path, { key: second }),
      fixture.call(path, { key: second, method: 'DELETE' }),
      fixture.call(`${path}/events`, { key: second }),
    ])
      expect((await call).body.code).to.equal('SUBSCRIPTION_UNKNOWN');
    const { body: list } = await fixture.call('/v1/subscriptions', { key: second });
    expect(list.subscriptions).to.deep.equal([]);
    expect((await fixture.call(path, { key: first, method: 'DELETE' })).status).to.equal(204);
  });
});
