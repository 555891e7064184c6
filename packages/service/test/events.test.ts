import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type JsonObject, loadConnector, type PollItem } from 'dynamics365-connector';
import { type ClaimedDelivery, openSqliteWorkerStore, type WorkerStore } from 'dynamics365-connector-worker';
import { createApp, type ServiceApp } from '../src/app.ts';
import { scopes } from '../src/keys/scopes.ts';
import { createServiceMetrics } from '../src/service-metrics.ts';
import type { ServiceParts } from '../src/service-parts.ts';

const id = 'sub_0123456789abcdef';
const stored = {
  id,
  owner: 'key_1',
  connection: 'contoso',
  trigger: 'case.created',
  params: {},
  url: 'https://example.com/',
};
const item: PollItem = {
  id: '1',
  change: 'created',
  at: '2026-01-01T00:00:00Z',
  epoch: 0,
  sequence: 1,
  row: { title: 'Lost' },
};

describe('service: events', () => {
  let folder: string;
  let store: WorkerStore;
  let app: ServiceApp;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-events-'));
    store = openSqliteWorkerStore(join(folder, 'worker.sqlite'));
    await addEvents(store, ['1']);
    await rejectDelivery(store);
    const apiKey = {
      id: 'key_1',
      name: 'test',
      scopes,
      connections: ['*'],
      returnOrigins: [],
      createdAt: '',
    };
    app = createApp({
      ...{ connector: await loadConnector(), url: 'http://127.0.0.1:9470', hosts: [], maxBodyBytes: 1000 },
      metrics: createServiceMetrics(),
      keys: { find: async () => apiKey },
      subscriptions: { workerStore: store, find: async () => stored },
    } as unknown as ServiceParts);
  });
  after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const call = async (method: string, path: string) => {
    const headers = { authorization: 'Bearer x', host: '127.0.0.1:9470' };
    const url = `http://127.0.0.1:9470/v1/subscriptions/${id}${path}`;
    const response = await app.request(url, { method, headers });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as JsonObject };
  };
  const list = async (query = '') =>
    (await call('GET', `/events${query}`)).body.events as readonly JsonObject[];

  it('that are dead letters are listed with reason and item, delivered again once, and deleted', async () => {
    const [event] = await list('?state=dead');
    expect(event).to.include({ state: 'dead', reason: 'refused', attempts: 1, rowId: 'row-1' });
    expect(event!.item).to.deep.equal(item);
    expect((await call('GET', `/events/${event!.sequence}`)).body).to.include({ state: 'dead' });
    expect((await call('POST', `/events/${event!.sequence}/replay`)).status).to.equal(202);
    expect(await list('?state=dead')).to.deep.equal([]);
    expect((await call('POST', `/events/${event!.sequence}/replay`)).body.code).to.equal('EVENT_UNKNOWN');
    await rejectDelivery(store);
    const [again] = await list('?state=dead');
    expect((await call('DELETE', `/events/${again!.sequence}`)).status).to.equal(204);
    expect(await list()).to.deep.equal([]);
    expect((await call('GET', `/events/${again!.sequence}`)).body.code).to.equal('EVENT_UNKNOWN');
  });

  it('are listed with waiting and delivered events, page by page', async () => {
    await addEvents(store, ['1', '2', '3']);
    await store.acknowledge(await claimDelivery(store));
    expect((await list()).map(({ state }) => state)).to.deep.equal(['waiting', 'waiting', 'delivered']);
    const first = await call('GET', '/events?limit=2');
    expect(first.body.next).to.be.a('number');
    const second = await call('GET', `/events?limit=2&after=${first.body.next}`);
    expect(second.body.events as object[]).to.have.length(1);
    expect(second.body).to.not.have.property('next');
    expect(await list('?state=delivered&order=oldest')).to.have.length(1);
  });

  it('are refused with a wrong state, order, limit or number', async () => {
    for (const path of [
      ...['/events?state=lost', '/events?order=up', '/events?limit=0', '/events?limit=501'],
      ...['/events?after=x', '/events/x', '/history?hours=0', '/history?hours=999'],
    ])
      expect((await call('GET', path)).body.code, path).to.equal('INPUT_INVALID');
    expect((await call('POST', '/events/1/replay?row=new')).body.code).to.equal('INPUT_INVALID');
    expect((await call('DELETE', '/events/x')).body.code).to.equal('INPUT_INVALID');
  });

  it('show in the history of the subscription, a sample a minute', async () => {
    await store.recordStatus();
    const { samples } = (await call('GET', '/history?hours=1')).body as { samples: JsonObject[] };
    expect(samples.at(-1)).to.include({ state: 'active', dead: 0 });
    expect(samples.at(-1)!.agoMs).to.be.within(0, 120_000);
  });
});

async function addEvents(store: WorkerStore, ids: readonly string[]): Promise<void> {
  await store.syncSubscriptions([stored], 'api');
  await store.resume(id);
  const [claim] = await store.claimDuePolls({ maxClaims: 1, maxPerConnection: 1 });
  const events = ids.map((each) => ({ rowId: `row-${each}`, item: { ...item, id: each } }));
  const result = { claim: claim!, events, checkpoint: {}, dueInMs: 60_000 };
  await store.commitPolls({ results: [result], writes: new Map() });
}

async function claimDelivery(store: WorkerStore): Promise<ClaimedDelivery> {
  const none = { inFlight: new Map(), proved: new Map() };
  const [delivery] = await store.claimDeliveries({ maxDeliveries: 1, maxPerTarget: 1, ...none });
  return delivery!;
}

async function rejectDelivery(store: WorkerStore): Promise<void> {
  const rejection = { reason: 'refused', retryInMs: 0, deadLetter: true };
  await store.reject(await claimDelivery(store), rejection);
}
