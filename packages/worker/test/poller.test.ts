import { expect } from 'chai';
import { type Checkpoint, loadConnector } from 'dynamics365-connector';
import { openConnection, runtimeOf } from 'dynamics365-connector/host';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createBufferedStore } from '../src/buffered-store.ts';
import { createPoller } from '../src/poller.ts';
import type { PollSubscription, Subscription } from '../src/subscription.ts';
import { createSubscription } from './fixture.ts';

describe('worker: createPoller', function () {
  this.timeout(20_000);
  let sandbox: Sandbox;
  let poll: PollSubscription;
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    const connector = await loadConnector();
    const getToken = () => ({ token: sandbox.issueToken(sandbox.app) });
    const settings = { orgUrl: sandbox.organization.origin };
    const connection = openConnection(
      runtimeOf(connector),
      settings,
      { kind: 'host', getToken },
      { allowLoopback: true },
    );
    poll = createPoller(new Map([['contoso', connection]]));
  });
  after(() => sandbox.close());

  const actorOf = (person: { readonly objectId: string }) => ({
    userId: sandbox.organization.findSystemUserId(person)!,
  });
  const emptyStore = { get: async () => undefined, keys: async () => [] };
  const createInput = (
    checkpoint?: Checkpoint,
    stored: Parameters<typeof createBufferedStore>[0] = emptyStore,
  ) => ({
    checkpoint,
    store: createBufferedStore(stored),
    signal: new AbortController().signal,
  });

  it('writes its state to the given store and returns the row of each event', async () => {
    const subscription = createSubscription({ from: 'beginning' });
    const { id } = sandbox.organization.store.insert('incident', { title: 'One' }, actorOf(sandbox.user));
    const first = createInput();
    const { events, checkpoint } = await poll(subscription, first);
    expect(events.map(({ rowId, item }) => [rowId, item.row.title])).to.deep.equal([[id, 'One']]);
    expect([...first.store.writes.keys()].join()).to.match(/^poll\/[0-9a-f-]{36}\/memory\//);

    const next = createInput(checkpoint, first.store);
    expect((await poll(subscription, next)).events, 'with what was committed').to.deep.equal([]);
    const repeated = await poll(subscription, createInput());
    expect(repeated.events, 'with nothing committed').to.deep.equal(events);
  });

  it('ignoreChangesBy: ignores changes by the user of the connection', async () => {
    const subscription: Subscription = createSubscription({ id: 'self', ignoreChangesBy: 'self' });
    const first = createInput();
    const { checkpoint } = await poll(subscription, first);
    const { store } = sandbox.organization;
    store.insert('incident', { title: 'By the app itself' }, actorOf(sandbox.app));
    store.insert('incident', { title: 'By another user' }, actorOf(sandbox.user));
    const { events } = await poll(subscription, createInput(checkpoint, first.store));
    expect(events.map(({ item }) => item.row.title)).to.deep.equal(['By another user']);
  });
});
