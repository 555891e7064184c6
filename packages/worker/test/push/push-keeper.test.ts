import { once } from 'node:events';
import { expect } from 'chai';
import { type HttpSender, type LogEvent, loadConnector, Secret } from 'dynamics365-connector';
import {
  type AnyConnector,
  type Connection,
  createMemoryStore,
  openConnection,
  runtimeOf,
} from 'dynamics365-connector/host';
import { createWorkerMetrics } from '../../src/metrics.ts';
import { createPushKeeper } from '../../src/push/push-keeper.ts';
import { readConnectionPush } from '../../src/push/push-state.ts';
import type { Subscription } from '../../src/subscription.ts';

const organization = 'https://contoso.crm.dynamics.com';

/** A keeper whose organization has no webhooks and answers with `status`. */
async function openKeeper(url: string) {
  const world = { nowMs: Date.UTC(2026, 0, 15), status: 200, requests: 0 };
  const clock = {
    now: () => world.nowMs,
    // Waits between attempts end at once, deadlines do not come.
    sleep: async (ms: number, signal?: AbortSignal) => {
      if (ms < 60_000) world.nowMs += ms;
      else if (signal !== undefined) await once(signal, 'abort');
    },
    setDeadline: () => () => {},
  };
  const send: HttpSender = async () => {
    world.requests += 1;
    const body = new TextEncoder().encode(world.status === 200 ? '{"value":[]}' : '{}');
    return {
      status: world.status,
      headers: { 'content-type': 'application/json' },
      body: (async function* () {
        yield body;
      })(),
    };
  };
  const events: string[] = [];
  const log = ({ event }: LogEvent) => void events.push(event);
  const connector: AnyConnector = await loadConnector({ send, clock, log });
  const getToken = () => ({ token: 'token' });
  const connection = openConnection(
    runtimeOf(connector),
    { orgUrl: organization },
    { kind: 'host', getToken },
    {},
  );
  const subscription: Subscription = {
    ...{ id: 'new', connection: 'contoso', trigger: 'contact.created', params: {}, everyMs: 1000 },
    push: { everyMs: 1000 },
    deliver: async () => {},
  };
  const subscriptions = new Map([['new', subscription]]);
  const state = createMemoryStore();
  const woken: string[] = [];
  const start = () =>
    createPushKeeper(
      {
        address: { url, secret: new Secret('s'.repeat(32)) },
        connections: new Map<string, Connection>([['contoso', connection]]),
        ...{ subscriptions, clock, log, checkEveryMs: 300_000 },
        store: { state, wake: async (ids) => void woken.push(...ids) },
        metrics: createWorkerMetrics(),
      },
      new Map(),
    );
  return { world, subscriptions, state, start, keep: start(), events, woken };
}

describe('the registration of webhooks', () => {
  it('is removed after the last subscription, also if the organization does not answer at first', async () => {
    const { world, subscriptions, keep, events } = await openKeeper('https://hooks.example.com/d365');
    await keep();
    subscriptions.clear();
    world.status = 503;
    await keep();
    expect(events).to.include('push.failed');
    world.status = 200;
    world.nowMs += 60_000;
    const before = world.requests;
    await keep();
    expect(world.requests).to.be.above(before);
    const after = world.requests;
    world.nowMs += 60_000;
    await keep();
    expect(world.requests).to.equal(after);
  });

  it('wakes polls when a worker starts, because webhooks of before can be lost with the process that had them', async () => {
    const { world, start, keep, woken } = await openKeeper('https://hooks.example.com/d365');
    world.status = 403; // The registration cannot be read, so nothing is repaired.
    await keep();
    world.nowMs += 300_000;
    woken.length = 0;
    await keep();
    expect(woken).to.deep.equal([]);
    await start()();
    expect(woken).to.deep.equal(['new']);
  });

  for (const url of ['http://127.0.0.1:9470/push', 'https://hooks.example.com:8443/push'])
    it(`is not written for ${url}, which the organization cannot call, and the status says so`, async () => {
      const { world, state, keep } = await openKeeper(url);
      await keep();
      expect(world.requests).to.equal(0);
      const push = await readConnectionPush(state, 'contoso');
      expect(push?.problem).to.match(/^SETTING_INVALID .*(cannot call|port 8443)/);
    });
});
