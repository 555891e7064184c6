import { expect } from 'chai';
import { type Checkpoint, loadConnector } from 'dynamics365-connector';
import { openConnection } from 'dynamics365-connector/host';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { bufferWrites } from '../src/buffered-store.ts';
import { createPoller } from '../src/poller.ts';
import type { PollSubscription, Subscription } from '../src/subscription.ts';
import { subscriptionOf } from './stage.ts';

describe('worker: a poll with the engine', function () {
  this.timeout(20_000);
  let sandbox: Sandbox;
  let poll: PollSubscription;
  before(async () => {
    sandbox = await createSandbox({ organisations: [{ name: 'contoso', data: 'empty' }] });
    const connector = await loadConnector();
    const bring = () => ({ token: sandbox.tokenFor(sandbox.app) });
    const settings = { orgUrl: sandbox.organisation.origin };
    const connection = openConnection(connector, settings, { kind: 'host', bring }, { allowLoopback: true });
    poll = createPoller(new Map([['contoso', connection]]));
  });
  after(() => sandbox.close());

  const actorOf = (person: { readonly objectId: string }) => ({
    userId: sandbox.organisation.userIdOf(person)!,
  });
  const nothing = { get: async () => undefined, keys: async () => [] };
  const place = (checkpoint?: Checkpoint, stored: Parameters<typeof bufferWrites>[0] = nothing) => ({
    checkpoint,
    store: bufferWrites(stored),
    signal: new AbortController().signal,
  });

  it('puts all it learned into the view that it was given, and says which record an event is of', async () => {
    const subscription = subscriptionOf({ from: 'beginning' });
    const { id } = sandbox.organisation.store.insert('incident', { title: 'One' }, actorOf(sandbox.user));
    const at = place();
    const { events, checkpoint } = await poll(subscription, at);
    expect(events.map(({ record, item }) => [record, item.row.title])).to.deep.equal([[id, 'One']]);
    expect([...at.store.writes.keys()].join()).to.match(/^poll\/[0-9a-f-]{36}\/memory\//);

    const next = place(checkpoint, at.store);
    expect((await poll(subscription, next)).events, 'with what was committed').to.deep.equal([]);
    const again = place();
    const repeated = await poll(subscription, again);
    expect(repeated.events, 'with nothing committed').to.deep.equal(events);
  });

  it('passes over what its own user changed, where the subscription says so', async () => {
    const mine: Subscription = subscriptionOf({ id: 'self', ignoreChangesBy: 'self' });
    const at = place();
    const { checkpoint } = await poll(mine, at);
    const { store } = sandbox.organisation;
    store.insert('incident', { title: 'By the app itself' }, actorOf(sandbox.app));
    store.insert('incident', { title: 'By somebody' }, actorOf(sandbox.user));
    const { events } = await poll(mine, place(checkpoint, at.store));
    expect(events.map(({ item }) => item.row.title)).to.deep.equal(['By somebody']);
  });
});
