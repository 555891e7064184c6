import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { type N8nContext, pollTriggerNode } from '../src/index.ts';
import { openStateStore, toStateEntries } from '../src/static-data.ts';
import { createFakeContext, type FakeN8n, FakeOperationError, fakePollFunctions } from './fake-n8n.ts';

describe('the trigger node for n8n', function () {
  this.timeout(30_000);
  let bench: SandboxClient;
  let n8nContext: N8nContext;
  let n8n: FakeN8n;
  let customer: JsonObject;
  before(async () => {
    bench = await openSandboxClient();
    n8nContext = createFakeContext(bench.connector.definition);
    n8n = { environmentUrl: bench.sandbox.organization.origin, token: () => bench.sandbox.issueToken() };
    const { output } = await bench.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  after(() => bench.close());

  const open = async (title: string) =>
    ((await bench.client.run('case.create', { title, customer })).output as JsonObject).id;
  const created = { event: 'case.created', options: {} };
  /** What n8n's database would hold. */
  const saved = (data: Record<string, unknown>) =>
    JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
  const poll = async (staticData: Record<string, unknown>, parameters: JsonObject = created) => {
    const [items = []] =
      (await pollTriggerNode(n8nContext, fakePollFunctions(n8n, parameters, { staticData }))) ?? [];
    return items.map(({ json }) => json);
  };

  it('marks its place first and then reports each row once, with what it is', async () => {
    await open('Before');
    const data = {};
    expect(await poll(data)).to.deep.equal([]);
    const id = await open('After');
    const [item, ...others] = await poll(data);
    expect(others).to.deep.equal([]);
    expect(item).to.include({ id, title: 'After' });
    expect(item!.dynamics365).to.include({ change: 'created' }).and.have.property('id').that.is.a('string');
    expect(await poll(data)).to.deep.equal([]);
  });

  it('goes on from what n8n saved, however long ago, and reports nothing twice that was saved as reported', async () => {
    let data: Record<string, unknown> = {};
    await poll(data);
    const first = await open('First');
    expect((await poll(data)).map(({ id }) => id)).to.deep.equal([first]);
    data = saved(data);
    // Polls without news are not saved: n8n forgets them when it stops.
    await poll(saved(data));
    const second = await open('Second');
    expect((await poll(saved(data))).map(({ id }) => id)).to.deep.equal([second]);
  });

  it('gives an event the same id when it is told again', async () => {
    const data: Record<string, unknown> = {};
    await poll(data);
    const before = saved(data);
    await open('Told twice');
    const event = (items: JsonObject[]) => (items[0]!.dynamics365 as JsonObject).id;
    expect(event(await poll(saved(before)))).to.equal(event(await poll(saved(before))));
  });

  it('keeps one memory however often it polls', async () => {
    const data: Record<string, unknown> = {};
    for (let index = 0; index < 5; index++) {
      await poll(data);
      await open(`Number ${index}`);
    }
    const { entries } = data.dynamics365 as { entries: unknown[] };
    expect(entries).to.have.length(1);
  });

  it('begins anew for another event or other filters, without an error', async () => {
    const data: Record<string, unknown> = {};
    await poll(data);
    await open('Old');
    const high = { ...created, additionalFields: { priority: 'high' } };
    expect(await poll(data, high)).to.deep.equal([]);
    expect(await poll(data, { event: 'account.created', options: {} })).to.deep.equal([]);
  });

  it('changes nothing of its place when a poll fails', async () => {
    const data: Record<string, unknown> = {};
    await poll(data);
    const before = saved(data);
    await open('Not told yet');
    const stale = { ...n8n, token: () => 'stale' };
    const error = await pollTriggerNode(
      n8nContext,
      fakePollFunctions(stale, created, { staticData: data }),
    ).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(FakeOperationError);
    expect(data).to.deep.equal(before);
  });

  it('passes over what its own user changed, where the author wants that', async () => {
    const own = { ...created, options: { ignoreOwnChanges: true } };
    const data = {};
    await poll(data, own);
    await open('By the same user');
    expect(await poll(data, own)).to.deep.equal([]);
  });

  it('shows the newest row in the editor, and moves no place', async () => {
    await open('Something to show');
    const staticData = {};
    const items = await pollTriggerNode(
      n8nContext,
      fakePollFunctions(n8n, created, { staticData, mode: 'manual' }),
    );
    expect(items![0]).to.have.length(1);
    expect(items![0]![0]!.json).to.have.property('title').that.is.a('string');
    expect(staticData).to.deep.equal({});
  });

  it('refuses to let its memory grow without end', async () => {
    const half = 'x'.repeat(9 * 1024 * 1024);
    expect(await toStateEntries(await openStateStore([['a', half]]))).to.deep.equal([['a', half]]);
    const error = await toStateEntries(
      await openStateStore([
        ['a', half],
        ['b', half],
      ]),
    ).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'STORE_FAILED');
  });
});
