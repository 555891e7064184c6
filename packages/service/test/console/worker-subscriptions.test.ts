import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSqliteWorkerStore, type WorkerStore } from 'dynamics365-connector-worker';
import { openService, type ServiceFixture } from '../fixture.ts';
import { openSession } from './open-console.ts';

describe('console: subscriptions of worker files', () => {
  let fixture: ServiceFixture;
  let folder: string;
  let store: WorkerStore;
  let cookie: string;
  let claims = 0;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-worker-files-'));
    // `d365 worker` with another process on the same store.
    store = openSqliteWorkerStore(join(folder, 'worker.sqlite'));
    const fromFile = {
      id: 'urgent-cases',
      connection: 'fabrikam',
      trigger: 'case.created',
      target: 'stdout',
    };
    await store.syncSubscriptions([fromFile]);
    await store.pause('urgent-cases');
    const countClaims = <Limits, Found>(claim: (limits: Limits) => Promise<Found>) => {
      return (limits: Limits) => {
        claims += 1;
        return claim(limits);
      };
    };
    const claimDuePolls = countClaims(store.claimDuePolls);
    const claimDeliveries = countClaims(store.claimDeliveries);
    const workerStore = { ...store, claimDuePolls, claimDeliveries };
    fixture = await openService({ service: { console: {}, workerStore } });
    cookie = await openSession(fixture.service);
  });
  after(async () => {
    await fixture.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const send = async (path: string, method = 'GET', body?: object) => {
    const response = await fetch(`${fixture.service.url}/v1/subscriptions${path}`, {
      method,
      headers: { cookie },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as JsonObject };
  };

  it('are listed with their state and events, and paused, but changed in their file only', async () => {
    const { subscriptions } = (await send('')).body as { subscriptions: JsonObject[] };
    expect(subscriptions).to.have.length(1);
    expect(subscriptions[0]).to.include({
      id: 'urgent-cases',
      origin: 'file',
      state: 'paused',
      url: 'stdout',
    });
    expect((await send('/urgent-cases/events')).body.events).to.deep.equal([]);
    expect((await send('/urgent-cases', 'PATCH', { paused: true })).body.state).to.equal('paused');
    const moved = await send('/urgent-cases', 'PATCH', { url: 'https://example.com' });
    expect([moved.status, moved.body.code]).to.deep.equal([422, 'INPUT_INVALID']);
    expect((await send('/urgent-cases', 'DELETE')).status).to.equal(422);
  });

  it('are polled and delivered by their worker alone, also while the service runs subscriptions of its own', async () => {
    expect(claims).to.equal(0);
    await store.resume('urgent-cases');
    const { status, text } = await fixture.call('/v1/subscriptions', {
      body: { connection: 'contoso', trigger: 'case.created', url: 'http://127.0.0.1:9/hook' },
    });
    expect(status, text).to.equal(201);
    const { id } = JSON.parse(text) as { readonly id: string };
    const polls = async () => (await store.status()).find((each) => each.id === id)?.polls;
    while ((await polls()) !== 1 || claims < 4) await setImmediate();
    // What the worker would claim now: the service has neither claimed nor delayed it.
    const limits = { maxClaims: 9, maxPerConnection: 9, origins: ['file'] } as const;
    const claimed = await store.claimDuePolls(limits);
    expect(claimed.map(({ subscription, epoch }) => [subscription, epoch])).to.deep.equal([
      ['urgent-cases', 1],
    ]);
    expect((await fixture.call(`/v1/subscriptions/${id}`, { method: 'DELETE' })).status).to.equal(204);
  });

  it('are not visible to any API key', async () => {
    expect((await fixture.call('/v1/subscriptions')).body.subscriptions).to.deep.equal([]);
    for (const path of ['', '/events', '/history']) {
      expect((await fixture.call(`/v1/subscriptions/urgent-cases${path}`)).status, path).to.equal(404);
    }
  });
});
