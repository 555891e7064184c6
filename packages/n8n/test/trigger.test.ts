import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { type N8nContext, pollTriggerNode } from '../src/index.ts';
import { openStateStore, toStateEntries } from '../src/static-data.ts';
import { createFakeContext, type FakeN8n, FakeOperationError, fakePollFunctions } from './fake-n8n.ts';

describe('n8n trigger node', function () {
  this.timeout(30_000);
  let fixture: SandboxClient;
  let n8nContext: N8nContext;
  let n8n: FakeN8n;
  let customer: JsonObject;
  before(async () => {
    fixture = await openSandboxClient();
    n8nContext = createFakeContext(runtimeOf(fixture.connector).definition);
    n8n = { environmentUrl: fixture.sandbox.organization.origin, token: () => fixture.sandbox.issueToken() };
    const { output } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  after(() => fixture.close());

  const createCase = async (title: string) =>
    ((await fixture.client.run('case.create', { title, customer })).output as JsonObject).id;
  const created = { event: 'case.created', options: {} };
  /** The static data after a restart of n8n: a copy through JSON. */
  const saved = (data: Record<string, unknown>) =>
    JSON.parse(JSON.stringify(data)) as Record<string, unknown>;
  const poll = async (staticData: Record<string, unknown>, parameters: JsonObject = created) => {
    const [items = []] =
      (await pollTriggerNode(n8nContext, fakePollFunctions(n8n, parameters, { staticData }))) ?? [];
    return items.map(({ json }) => json);
  };

  it('reports each row that was created after the first poll once, with its event', async () => {
    await createCase('Before');
    const data = {};
    expect(await poll(data)).to.deep.equal([]);
    const id = await createCase('After');
    const [item, ...others] = await poll(data);
    expect(others).to.deep.equal([]);
    expect(item).to.include({ id, title: 'After' });
    expect(item!.dynamics365).to.include({ change: 'created' }).and.have.property('id').that.is.a('string');
    expect(await poll(data)).to.deep.equal([]);
  });

  it('continues from the static data that n8n saved last', async () => {
    let data: Record<string, unknown> = {};
    await poll(data);
    const first = await createCase('First');
    expect((await poll(data)).map(({ id }) => id)).to.deep.equal([first]);
    data = saved(data);
    // n8n does not save the static data of polls without items.
    await poll(saved(data));
    const second = await createCase('Second');
    expect((await poll(saved(data))).map(({ id }) => id)).to.deep.equal([second]);
  });

  it('reports a repeated event with the same id', async () => {
    const data: Record<string, unknown> = {};
    await poll(data);
    const before = saved(data);
    await createCase('Reported twice');
    const eventId = (items: JsonObject[]) => (items[0]!.dynamics365 as JsonObject).id;
    expect(eventId(await poll(saved(before)))).to.equal(eventId(await poll(saved(before))));
  });

  it('saves one state, also after many polls', async () => {
    const data: Record<string, unknown> = {};
    for (let index = 0; index < 5; index++) {
      await poll(data);
      await createCase(`Number ${index}`);
    }
    const { entries } = data.dynamics365 as { entries: unknown[] };
    expect(entries).to.have.length(1);
  });

  it('starts over for another event or other filters', async () => {
    const data: Record<string, unknown> = {};
    await poll(data);
    await createCase('Old');
    const high = { ...created, additionalFields: { priority: 'high' } };
    expect(await poll(data, high)).to.deep.equal([]);
    expect(await poll(data, { event: 'account.created', options: {} })).to.deep.equal([]);
  });

  it('keeps its static data when a poll fails', async () => {
    const data: Record<string, unknown> = {};
    await poll(data);
    const before = saved(data);
    await createCase('Not reported yet');
    const stale = { ...n8n, token: () => 'stale' };
    const error = await pollTriggerNode(
      n8nContext,
      fakePollFunctions(stale, created, { staticData: data }),
    ).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(FakeOperationError);
    expect(data).to.deep.equal(before);
  });

  it('ignores changes of its own user with ignoreOwnChanges', async () => {
    const own = { ...created, options: { ignoreOwnChanges: true } };
    const data = {};
    await poll(data, own);
    await createCase('By the same user');
    expect(await poll(data, own)).to.deep.equal([]);
  });

  it('returns the newest row in the editor without changing its static data', async () => {
    await createCase('A sample');
    const staticData = {};
    const items = await pollTriggerNode(
      n8nContext,
      fakePollFunctions(n8n, created, { staticData, mode: 'manual' }),
    );
    expect(items![0]).to.have.length(1);
    expect(items![0]![0]!.json).to.have.property('title').that.is.a('string');
    expect(staticData).to.deep.equal({});
  });

  it('throws STORE_FAILED when its state exceeds 16 MiB', async () => {
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
