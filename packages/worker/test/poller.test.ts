import { expect } from 'chai';
import {
  type Checkpoint,
  type ConnectorError,
  type HttpSender,
  type JsonObject,
  loadConnector,
} from 'dynamics365-connector';
import {
  type Connection,
  createClient,
  createMemoryStore,
  openConnection,
  runtimeOf,
} from 'dynamics365-connector/host';
import { createNodeFetchSender } from 'dynamics365-connector/node';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createBufferedStore } from '../src/buffered-store.ts';
import { createPoller } from '../src/poller.ts';
import type { PollFeed, Subscription } from '../src/subscription.ts';
import { createSubscription, type PollSubscription } from './fixture.ts';

describe('worker: createPoller', () => {
  let sandbox: Sandbox;
  let poll: PollSubscription;
  let pollFeed: PollFeed;
  let connection: Connection;
  const requests: string[] = [];
  before(async () => {
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty' }] });
    const sendWithNodeFetch = createNodeFetchSender();
    const send: HttpSender = (request) => {
      requests.push(request.url);
      return sendWithNodeFetch(request);
    };
    const connector = await loadConnector({ send });
    const getToken = () => ({ token: sandbox.issueToken(sandbox.app) });
    const settings = { orgUrl: sandbox.organization.origin };
    connection = openConnection(
      runtimeOf(connector),
      settings,
      { kind: 'host', getToken },
      { allowLoopback: true },
    );
    pollFeed = createPoller(new Map([['contoso', connection]]));
    poll = async (subscription, { checkpoint, ...input }) => {
      const [outcome] = await pollFeed([{ subscription, checkpoint }], input);
      if (outcome === undefined || 'error' in outcome) throw outcome?.error;
      return outcome;
    };
  });
  after(() => sandbox.close());

  const actorOf = (person: { readonly objectId: string }) => ({
    userId: sandbox.organization.findSystemUserId(person)!,
  });
  const emptyStore = createMemoryStore();
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
    expect([...first.store.writes.keys()].join()).to.match(/^a\/feed\/[0-9a-f-]{36}\//);

    const next = createInput(checkpoint, first.store);
    expect((await poll(subscription, next)).events, 'with what was committed').to.deep.equal([]);
    const repeated = await poll(subscription, createInput());
    const idsOf = (batch: typeof repeated) => batch.events.map(({ item }) => item.id);
    expect(idsOf(repeated), 'with nothing committed').to.deep.equal(events.map(({ item }) => item.id));
  });

  it('reads a table once for all its subscriptions, and the failure of one does not affect the others', async () => {
    const created = createSubscription({ id: 'created' });
    const updated = createSubscription({ id: 'updated', trigger: 'case.updated' });
    const wrong = createSubscription({ id: 'wrong', params: { priority: 'unknown' } });
    const { store, signal } = createInput();
    const start = async (subscription: Subscription) => ({ subscription, checkpoint: undefined });
    const polls = await Promise.all([created, wrong, updated].map(start));
    const first = await pollFeed(polls, { store, signal });
    const { id } = sandbox.organization.store.insert('incident', { title: 'Two' }, actorOf(sandbox.user));
    sandbox.clock.advance(30_000);
    sandbox.organization.store.update({
      table: 'incident',
      id,
      values: { title: 'Two, edited' },
      actor: actorOf(sandbox.user),
    });
    requests.length = 0;
    const next = polls.map(({ subscription }, at) => {
      const outcome = first[at]!;
      return { subscription, checkpoint: 'error' in outcome ? undefined : outcome.checkpoint };
    });
    const outcomes = await pollFeed(next, { store, signal });
    expect(requests.filter((url) => url.includes('/incidents?'))).to.have.length(1);
    const described = outcomes.map((outcome) =>
      'error' in outcome
        ? (outcome.error as ConnectorError).code
        : outcome.events.map(({ item }) => [item.change, item.row.title]),
    );
    expect(described).to.deep.equal([
      [['created', 'Two, edited']],
      'INPUT_INVALID',
      [['updated', 'Two, edited']],
    ]);
  });

  it('record.*: reads a table that the params name once, also for triggers of its schema', async () => {
    const created = createSubscription({
      id: 'any',
      trigger: 'record.created',
      params: { table: 'task' },
    });
    const changed = { ...created, id: 'both', trigger: 'record.changed', params: { table: 'tasks' } };
    const { store, signal } = createInput();
    const typed = { ...created, id: 'typed', trigger: 'task.created', params: {} };
    const polls = [created, typed, changed].map((subscription) => ({ subscription, checkpoint: undefined }));
    const first = await pollFeed(polls, { store, signal });
    const { id } = sandbox.organization.store.insert('task', { subject: 'Call' }, actorOf(sandbox.user));
    requests.length = 0;
    const next = polls.map(({ subscription }, at) => {
      const outcome = first[at]!;
      return { subscription, checkpoint: 'error' in outcome ? expect.fail() : outcome.checkpoint };
    });
    const outcomes = await pollFeed(next, { store, signal });
    expect(requests.filter((url) => url.includes('/tasks?'))).to.have.length(1);
    for (const outcome of outcomes) {
      const { events } = 'error' in outcome ? expect.fail(String(outcome.error)) : outcome;
      expect(events.map(({ rowId, item }) => [rowId, item.row.subject])).to.deep.equal([[id, 'Call']]);
    }
  });

  it('ignoreChangesBy: ignores what the connection wrote, and reports other changes with the same account', async () => {
    const subscription: Subscription = createSubscription({ id: 'self', ignoreChangesBy: 'self' });
    const first = createInput();
    const { checkpoint } = await poll(subscription, first);
    await createClient(connection).run('case.create', {
      title: 'Of a workflow',
      customer: { table: 'account', id: await createAccount() },
    });
    const { store } = sandbox.organization;
    store.insert('incident', { title: 'With the same account' }, actorOf(sandbox.app));
    store.insert('incident', { title: 'By another user' }, actorOf(sandbox.user));
    const { events } = await poll(subscription, createInput(checkpoint, first.store));
    expect(events.map(({ item }) => item.row.title)).to.have.members([
      'With the same account',
      'By another user',
    ]);
  });

  it('maxRowItems: fails by name once a row is reported too often, and continues when it is resumed', async () => {
    const subscription = createSubscription({ id: 'loop', trigger: 'task.updated', maxRowItems: 2 });
    const stored = createMemoryStore();
    const { store } = sandbox.organization;
    const { id } = store.insert('task', { subject: 'Looping' }, actorOf(sandbox.user));
    let checkpoint: Checkpoint | undefined;
    const pollOnce = async (isResumed: boolean) => {
      const input = createInput(checkpoint, stored);
      const [outcome] = await pollFeed([{ subscription, checkpoint, isResumed }], input);
      if (outcome === undefined) return 'no outcome';
      if ('error' in outcome) return (outcome.error as ConnectorError).code;
      await stored.writeMany(input.store.writes);
      ({ checkpoint } = outcome);
      return outcome.events.length;
    };
    let changes = 0;
    const change = () => {
      const values = { subject: `Looping ${++changes}` };
      store.update({ table: 'task', id, values, actor: actorOf(sandbox.user) });
    };
    const outcomes: unknown[] = [await pollOnce(false)];
    for (let count = 0; count < 4; count++) {
      change();
      outcomes.push(await pollOnce(false));
    }
    expect(outcomes).to.deep.equal([0, 1, 1, 1, 'LOOP_DETECTED']);
    expect(await pollOnce(true)).to.equal(1);
  });

  async function createAccount(): Promise<string> {
    const { output } = await createClient(connection).run('account.create', { name: 'Contoso' });
    return String((output as JsonObject).id);
  }
});
