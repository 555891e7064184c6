import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type JsonObject, loadConnector, type PollItem } from 'dynamics365-connector';
import { openSqliteWorkerStore, type WorkerStore } from 'dynamics365-connector-worker';
import { createApp, type ServiceApp } from '../src/app.ts';
import { scopes } from '../src/keys/scopes.ts';
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
  id: 'event-1',
  change: 'created',
  at: '2026-01-01T00:00:00Z',
  epoch: 0,
  sequence: 1,
  row: { title: 'Lost' },
};

describe('service: dead letters', () => {
  let folder: string;
  let store: WorkerStore;
  let app: ServiceApp;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-events-'));
    store = openSqliteWorkerStore(join(folder, 'worker.sqlite'));
    await addDeadLetter(store);
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
      keys: { find: async () => apiKey },
      subscriptions: { workerStore: store, find: async () => stored },
    } as unknown as ServiceParts);
  });
  after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const call = async (method: string, path = '') => {
    const headers = { authorization: 'Bearer x', host: '127.0.0.1:9470' };
    const url = `http://127.0.0.1:9470/v1/subscriptions/${id}/events${path}`;
    const response = await app.request(url, { method, headers });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as JsonObject };
  };
  const list = async () => (await call('GET')).body.events as readonly JsonObject[];

  it('are listed with reason and item, delivered again once, and deleted', async () => {
    const [event] = await list();
    expect(event).to.include({ state: 'dead', reason: 'refused', attempts: 1 });
    expect(event!.item).to.deep.equal(item);
    expect((await call('POST', `/${event!.sequence}/replay`)).status).to.equal(202);
    expect(await list()).to.deep.equal([]);
    expect((await call('POST', `/${event!.sequence}/replay`)).body.code).to.equal('EVENT_UNKNOWN');
    await rejectDelivery(store);
    const [again] = await list();
    expect((await call('DELETE', `/${again!.sequence}`)).status).to.equal(204);
    expect(await list()).to.deep.equal([]);
    expect((await call('DELETE', '/x')).body.code).to.equal('INPUT_INVALID');
  });
});

/** Stores an event whose delivery was refused. */
async function addDeadLetter(store: WorkerStore): Promise<void> {
  await store.syncSubscriptions([stored], 'api');
  const [claim] = await store.claimDuePolls({ maxClaims: 1, maxPerConnection: 1 });
  const result = { claim: claim!, events: [{ rowId: 'row-1', item }], checkpoint: {}, dueInMs: 60_000 };
  await store.commitPolls({ results: [result], writes: new Map() });
  await rejectDelivery(store);
}

async function rejectDelivery(store: WorkerStore): Promise<void> {
  const none = { inFlight: new Map(), proved: new Map() };
  const [delivery] = await store.claimDeliveries({ maxDeliveries: 1, maxPerTarget: 1, ...none });
  await store.reject(delivery!, { reason: 'refused', retryInMs: 0, deadLetter: true });
}
