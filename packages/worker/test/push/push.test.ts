import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { createClient } from 'dynamics365-connector/host';
import { openPushedWorker, type PushedWorker, type PushedWorkerOptions } from './fixture.ts';

const subscriptions = [
  { id: 'created', trigger: 'contact.created' },
  { id: 'updated', trigger: 'contact.updated' },
  { id: 'deleted', trigger: 'contact.deleted' },
];

/** Polls on schedule are minutes away: what is delivered was told by a webhook. */
describe('worker: webhooks wake polls', () => {
  let worker: PushedWorker;
  const isHealthy = async () =>
    (await worker.store.status()).every(({ state, push }) => state === 'active' && push !== undefined);
  const deliveredTo = (id: string) => worker.delivered.filter(({ subscription }) => subscription === id);
  const run = async (action: string, input: JsonObject) =>
    (await createClient(worker.connection).run(action, input)).output as JsonObject;

  before(async () => {
    worker = await openPushedWorker({ subscriptions });
    await worker.waitFor(isHealthy);
  });
  after(() => worker.close());

  it('delivers a new, a changed and a deleted row without a poll on schedule', async () => {
    const { id } = await run('contact.create', { lastName: 'Lind' });
    await worker.waitFor(() => deliveredTo('created').length === 1);
    await run('contact.update', { id: id!, lastName: 'Berg' });
    await worker.waitFor(() => deliveredTo('updated').some(({ item }) => item.row.lastName === 'Berg'));
    await run('contact.delete', { id: id! });
    await worker.waitFor(() => deliveredTo('deleted').length === 1);
    expect(deliveredTo('deleted')[0]!.rowId).to.equal(id);
    const { push } = await worker.status('created');
    expect(push).to.deep.include({ lost: 0, unannounced: 0 });
    expect(push!.wakes).to.be.at.least(1);
  });

  it('reads once for a bulk write of 200 rows, and a little more for its stragglers', async () => {
    const before = deliveredTo('created').length;
    await worker.sandbox.organization.jobs.idle();
    worker.takeRequests();
    const rows = Array.from({ length: 200 }, (_, n) => ({ lastName: `Lind ${n}` }));
    await run('contact.create-many', { rows });
    await worker.sandbox.organization.jobs.idle();
    await worker.waitFor(() => deliveredTo('created').length === before + 200);
    const reads = worker.takeRequests().filter((request) => request === 'GET contacts');
    expect(reads.length).to.be.below(40);
    const ids = deliveredTo('created').map(({ item }) => item.id);
    expect(new Set(ids).size).to.equal(ids.length);
  });
});

describe('worker: webhooks that do not come', () => {
  let worker: PushedWorker | undefined;
  afterEach(async () => {
    await worker?.close();
    worker = undefined;
  });
  const open = async (options: Partial<PushedWorkerOptions> = {}) => {
    worker = await openPushedWorker({
      subscriptions: subscriptions.slice(0, 1),
      checkEveryMs: 300,
      ...options,
    });
    return worker;
  };
  const create = async ({ connection }: PushedWorker) =>
    await createClient(connection).run('contact.create', { lastName: 'Lind' });
  const stateOf = async ({ status }: PushedWorker) => await status('created');

  it('are counted when the organization could not send them, and their rows are read all the same', async () => {
    const opened = await open();
    await opened.waitFor(async () => {
      const { state, push } = await stateOf(opened);
      return state === 'active' && push !== undefined;
    });
    await opened.server.close();
    await create(opened);
    // The failed job wakes the poll that the webhook should have woken.
    await opened.waitFor(() => opened.delivered.length === 1);
    await opened.waitFor(async () => (await stateOf(opened)).push?.lost === 1);
    expect(opened.logEvents.map(({ event }) => event)).to.include('push.lost');
  });

  it('are not relied on while their registration is wrong, and the status names what is missing', async () => {
    const opened = await open({
      roles: ['Customer Service Representative', 'Basic User'],
      checkEveryMs: 60_000,
    });
    await opened.waitFor(async () =>
      /prvCreateServiceEndpoint|may not read it/.test((await stateOf(opened)).reason ?? ''),
    );
    expect((await stateOf(opened)).state).to.equal('push-degraded');
  });

  it('are not relied on before the first one has come, if the connection may not read their registration', async () => {
    const opened = await open({
      roles: ['Customer Service Representative', 'Basic User'],
      withheld: ['prvReadServiceEndpoint'],
      checkEveryMs: 60_000,
    });
    // The check that cannot read the registration causes this poll, and no webhook does.
    await opened.waitFor(async () => /may not read it/.test((await stateOf(opened)).reason ?? ''));
    const { state, push } = await stateOf(opened);
    expect({ state, wakes: push?.wakes }).to.deep.equal({ state: 'push-degraded', wakes: 0 });
  });
});
