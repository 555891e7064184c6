import { expect } from 'chai';
import type { ConnectorError, JsonObject } from 'dynamics365-connector';
import { createMemoryStore, runtimeOf } from 'dynamics365-connector/host';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { type N8nContext, pollTriggerNode } from '../src/index.ts';
import { toStaticData } from '../src/static-data.ts';
import { assertFewRows, maxWatchedRows, watchesColumns } from '../src/watched-rows.ts';
import { createFakeContext, type FakeN8n, FakeOperationError, fakePollFunctions } from './fake-n8n.ts';

describe('n8n trigger node', () => {
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

  it('reports a deletion before the second poll when n8n gets its first token with the first request', async () => {
    const stored: string[] = [];
    const token = () => {
      if (stored.length === 0) stored.push(fixture.sandbox.issueToken());
      return stored[0]!;
    };
    const newN8n: FakeN8n = { ...n8n, token, storedToken: () => stored[0] };
    const id = await createCase('Deleted before the second poll');
    const staticData = {};
    const pollOnce = () =>
      pollTriggerNode(n8nContext, fakePollFunctions(newN8n, { event: 'case.deleted' }, { staticData }));
    await pollOnce();
    await fixture.client.run('case.delete', { id: id! });
    const items = (await pollOnce())?.[0] ?? [];
    expect(items.map(({ json }) => json.id)).to.deep.equal([id]);
  });

  it('reports a repeated event with the same id', async () => {
    const data: Record<string, unknown> = {};
    await poll(data);
    const before = saved(data);
    await createCase('Reported twice');
    const eventId = (items: JsonObject[]) => (items[0]!.dynamics365 as JsonObject).id;
    expect(eventId(await poll(saved(before)))).to.equal(eventId(await poll(saved(before))));
  });

  it('saves no entries of the log, and records of recent rows only, also after many polls', async () => {
    const data: Record<string, unknown> = {};
    for (let index = 0; index < 5; index++) {
      await poll(data);
      await createCase(`Number ${index}`);
    }
    await poll(data);
    const { entries } = data.dynamics365 as { entries: [string, string][] };
    const kinds = entries.map(([key]) => key.split('/')[2]);
    expect(new Set(kinds)).to.deep.equal(new Set(['head', 'recent', 'row']));
  });

  it('watches columns of any table, and saves none of the metadata of the organization', async () => {
    const id = await createCase('Watched');
    const parameters = {
      event: 'record.updated',
      table: 'incident',
      filters: { columns: ['prioritycode', '_ownerid_value'], filter: "contains(title,'atched')" },
      options: {},
    };
    const data: Record<string, unknown> = {};
    await poll(data, parameters);
    await fixture.client.run('case.update', { id: id!, title: 'Watched again' });
    expect(await poll(data, parameters)).to.deep.equal([]);
    await fixture.client.run('case.update', { id: id!, priority: 'high' });
    const items = await poll(data, parameters);
    expect(items.map(({ incidentid, prioritycode }) => [incidentid, prioritycode])).to.deep.equal([
      [id, 'High'],
    ]);
    const { entries } = data.dynamics365 as { entries: [string, string][] };
    expect(entries.filter(([key]) => !key.startsWith('feed/'))).to.deep.equal([]);
  });

  it('saves at most 180 bytes for each row with one watched column, and 250 with three', async () => {
    const { organization, user } = fixture.sandbox;
    const actor = { userId: organization.findSystemUserId(user)! };
    for (let index = 0; index < 100; index++)
      organization.store.insert('queue', { name: `Q${index}` }, actor);
    const bytesOfRow = async (columns: readonly string[]) => {
      const data: Record<string, unknown> = {};
      const watched = { event: 'record.updated', table: 'queue', filters: { columns }, options: {} };
      for (let polls = 0; polls < 2; polls++) await poll(data, watched);
      const { entries } = data.dynamics365 as { entries: [string, string][] };
      const rows = entries.filter(([key]) => key.includes('/row/'));
      expect(rows).to.have.length.at.least(100);
      return JSON.stringify(rows).length / rows.length;
    };
    expect(await bytesOfRow(['name'])).to.be.at.most(180);
    expect(await bytesOfRow(['name', 'emailaddress', 'statecode'])).to.be.at.most(250);
  });

  it('starts over for another event or other filters', async () => {
    const data: Record<string, unknown> = {};
    await poll(data);
    await createCase('Old');
    const high = { ...created, filters: { priority: 'high' } };
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

  it('stops when it reports one row too often, and continues when the workflow is activated again', async () => {
    const updated = { event: 'account.updated', options: {} };
    const data: Record<string, unknown> = {};
    await poll(data, updated);
    const change = async () => {
      await fixture.client.run('account.update', { id: customer.id!, description: crypto.randomUUID() });
      return await poll(data, updated);
    };
    let error: unknown;
    for (let polls = 0; polls < 40 && error === undefined; polls++) await change().catch((e) => (error = e));
    expect(String((error as FakeOperationError | undefined)?.description)).to.include('LOOP_DETECTED');
    const again = await poll(data, updated).catch((e: unknown) => e);
    expect(again).to.be.instanceOf(FakeOperationError);
    const reactivated = saved(data);
    expect(await poll(reactivated, updated)).to.have.length(1);
    expect(await poll(reactivated, updated)).to.deep.equal([]);
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

  it('refuses to watch columns of a table with more rows than n8n can store with each event', async () => {
    const { triggers } = runtimeOf(fixture.connector).definition;
    expect(watchesColumns(triggers['case.assigned']!, {})).to.equal(true);
    expect(watchesColumns(triggers['case.updated']!, {})).to.equal(false);
    expect(watchesColumns(triggers['record.updated']!, { table: 'incident' })).to.equal(false);
    expect(watchesColumns(triggers['record.updated']!, { table: 'incident', columns: ['title'] })).to.equal(
      true,
    );
    const rows = (count: number) =>
      Array.from({ length: count }, (_, at) => [`feed/f/row/${at}`, '{}'] as const);
    await assertFewRows(createMemoryStore(rows(maxWatchedRows)));
    const error = await assertFewRows(createMemoryStore(rows(maxWatchedRows + 1))).catch(
      (thrown: ConnectorError) => thrown,
    );
    expect(error).to.include({ code: 'STORE_FAILED' });
    expect((error as ConnectorError).advice)
      .to.include('d365 worker')
      .and.include('Webhook');
  });

  it('throws STORE_FAILED when its state exceeds 16 MiB', async () => {
    const half = 'x'.repeat(9 * 1024 * 1024);
    expect(await toStaticData(createMemoryStore([['a', half]]))).to.deep.equal([['a', half]]);
    const error = await toStaticData(
      createMemoryStore([
        ['a', half],
        ['b', half],
      ]),
    ).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'STORE_FAILED');
  });
});
