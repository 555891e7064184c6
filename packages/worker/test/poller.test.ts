import { expect } from 'chai';
import { type Checkpoint, loadConnector } from 'dynamics365-connector';
import { openConnection } from 'dynamics365-connector/host';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createBufferedStore } from '../src/buffered-store.ts';
import { createPoller } from '../src/poller.ts';
import type { PollSubscription, Subscription } from '../src/subscription.ts';
import { createSubscription } from './fixture.ts';

describe('worker: a poll with the engine', function () {
  this.timeout(20_000);
  let sandbox: Sandbox;
  let poll: PollSubscription;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    const connector = await loadConnector();
    const bring = () => ({ token: sandbox.issueToken(sandbox.app) });
    const settings = { orgUrl: sandbox.organization.origin };
    const connection = openConnection(
      connector,
      settings,
      { kind: 'host', getToken: bring },
      { allowLoopback: true },
    );
    poll = createPoller(new Map([['contoso', connection]]));
  });
  after(() => sandbox.close());

  const actorOf = (person: { readonly objectId: string }) => ({
    userId: sandbox.organization.findSystemUserId(person)!,
  });
  const nothing = { get: async () => undefined, keys: async () => [] };
  const createInput = (
    checkpoint?: Checkpoint,
    stored: Parameters<typeof createBufferedStore>[0] = nothing,
  ) => ({
    checkpoint,
    store: createBufferedStore(stored),
    signal: new AbortController().signal,
  });

  it('puts all it learned into the view that it was given, and says which record an event is of', async () => {
    const subscription = createSubscription({ from: 'beginning' });
    const { id } = sandbox.organization.store.insert('incident', { title: 'One' }, actorOf(sandbox.user));
    const at = createInput();
    const { events, checkpoint } = await poll(subscription, at);
    expect(events.map(({ rowId, item }) => [rowId, item.row.title])).to.deep.equal([[id, 'One']]);
    expect([...at.store.writes.keys()].join()).to.match(/^poll\/[0-9a-f-]{36}\/memory\//);

    const next = createInput(checkpoint, at.store);
    expect((await poll(subscription, next)).events, 'with what was committed').to.deep.equal([]);
    const again = createInput();
    const repeated = await poll(subscription, again);
    expect(repeated.events, 'with nothing committed').to.deep.equal(events);
  });

  it('passes over what its own user changed, where the subscription says so', async () => {
    const mine: Subscription = createSubscription({ id: 'self', ignoreChangesBy: 'self' });
    const at = createInput();
    const { checkpoint } = await poll(mine, at);
    const { store } = sandbox.organization;
    store.insert('incident', { title: 'By the app itself' }, actorOf(sandbox.app));
    store.insert('incident', { title: 'By somebody' }, actorOf(sandbox.user));
    const { events } = await poll(mine, createInput(checkpoint, at.store));
    expect(events.map(({ item }) => item.row.title)).to.deep.equal(['By somebody']);
  });
});
