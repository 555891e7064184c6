import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { type N8nHost, openN8nHost, type WorkflowState } from '../support/n8n-host.ts';
import type { NodeExecutionData } from '../support/n8n-modules.ts';

describe("the trigger node in n8n's engine", () => {
  let bench: SandboxClient;
  let host: N8nHost;
  let state: WorkflowState;
  before(async () => {
    bench = await openSandboxClient();
    host = await openN8nHost(bench.sandbox);
    const { output } = await bench.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  beforeEach(() => {
    state = { staticData: '{}' };
  });
  after(() => bench?.close());

  let customer: JsonObject;
  const event = 'case.created';
  const open = (title: string) => bench.client.run('case.create', { title, customer });
  const titles = (items: readonly NodeExecutionData[]) => items.map(({ json }) => json.title);
  const eventIds = (items: readonly NodeExecutionData[]) =>
    items.map(({ json }) => (json.dynamics365 as JsonObject).id);

  it('reports each case once over several polls, though its memory is text in between', async () => {
    await open('Before the workflow was activated');
    expect(await host.poll({ event }, state)).to.deep.equal([]);
    await open('One');
    await open('Two');
    expect(titles(await host.poll({ event }, state))).to.have.members(['One', 'Two']);
    expect(await host.poll({ event }, state)).to.deep.equal([]);
    await open('Three');
    expect(titles(await host.poll({ event }, state))).to.deep.equal(['Three']);
    expect(await host.poll({ event }, state)).to.deep.equal([]);
  });

  it('reports a case again under the same id when n8n comes back with an older memory', async () => {
    await host.poll({ event }, state);
    await open('Twice');
    const older = { ...state };
    const first = await host.poll({ event }, state);
    const again = await host.poll({ event }, older);
    expect(titles(again)).to.deep.equal(['Twice']);
    expect(eventIds(again)).to.deep.equal(eventIds(first));
  });

  it('filters by the fields of its form', async () => {
    const parameters = { event, additionalFields: { priority: 'high' } };
    await host.poll(parameters, state);
    await open('Normal');
    await bench.client.run('case.create', { title: 'High', customer, priority: 'high' });
    expect(titles(await host.poll(parameters, state))).to.deep.equal(['High']);
  });

  it('loses nothing when a poll fails', async () => {
    await host.poll({ event }, state);
    await open('In an outage');
    const before = state.staticData;
    const gone = bench.sandbox.organization.faults.add({ kind: 'status', status: 403, times: Infinity });
    const failure = await host.poll({ event }, state).catch((error: Error) => error);
    gone();
    expect(failure).to.be.an('error').with.property('description');
    expect(state.staticData).to.equal(before);
    expect(titles(await host.poll({ event }, state))).to.deep.equal(['In an outage']);
  });

  it('shows a case that it could report in the editor, and remembers nothing of it', async () => {
    await bench.client.run('case.create', { title: 'A sample', customer, priority: 'low' });
    const parameters = { event, additionalFields: { priority: 'low' } };
    expect(titles(await host.poll(parameters, state, 'manual'))).to.deep.equal(['A sample']);
    expect(state.staticData).to.equal('{}');
  });
});
