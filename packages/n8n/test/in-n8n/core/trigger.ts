import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { type N8nHost, openN8nHost, type WorkflowState } from '../support/n8n-host.ts';
import type { NodeExecutionData } from '../support/n8n-modules.ts';

describe("trigger node in n8n's engine", () => {
  let fixture: SandboxClient;
  let host: N8nHost;
  let state: WorkflowState;
  before(async () => {
    fixture = await openSandboxClient();
    host = await openN8nHost(fixture.sandbox);
    const { output } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  beforeEach(() => {
    state = { staticData: '{}' };
  });
  after(() => fixture?.close());

  let customer: JsonObject;
  const event = 'case.created';
  const createCase = (title: string) => fixture.client.run('case.create', { title, customer });
  const titles = (items: readonly NodeExecutionData[]) => items.map(({ json }) => json.title);
  const eventIds = (items: readonly NodeExecutionData[]) =>
    items.map(({ json }) => (json.dynamics365 as JsonObject).id);

  it('reports each case once, with static data that is saved as text between polls', async () => {
    await createCase('Before the workflow was activated');
    expect(await host.poll({ event }, state)).to.deep.equal([]);
    await createCase('One');
    await createCase('Two');
    expect(titles(await host.poll({ event }, state))).to.have.members(['One', 'Two']);
    expect(await host.poll({ event }, state)).to.deep.equal([]);
    await createCase('Three');
    expect(titles(await host.poll({ event }, state))).to.deep.equal(['Three']);
    expect(await host.poll({ event }, state)).to.deep.equal([]);
  });

  it('reports a case again with the same event id after n8n restored older static data', async () => {
    await host.poll({ event }, state);
    await createCase('Twice');
    const older = { ...state };
    const first = await host.poll({ event }, state);
    const again = await host.poll({ event }, older);
    expect(titles(again)).to.deep.equal(['Twice']);
    expect(eventIds(again)).to.deep.equal(eventIds(first));
  });

  it('filters by the fields of its form', async () => {
    const parameters = { event, filters: { priority: 'high' } };
    await host.poll(parameters, state);
    await createCase('Normal');
    await fixture.client.run('case.create', { title: 'High', customer, priority: 'high' });
    expect(titles(await host.poll(parameters, state))).to.deep.equal(['High']);
  });

  it('loses no event when a poll fails', async () => {
    await host.poll({ event }, state);
    await createCase('In an outage');
    const before = state.staticData;
    const removeFault = fixture.sandbox.organization.faults.add({
      kind: 'status',
      status: 403,
      times: Infinity,
    });
    const failure = await host.poll({ event }, state).catch((error: Error) => error);
    removeFault();
    expect(failure).to.be.an('error').with.property('description');
    expect(state.staticData).to.equal(before);
    expect(titles(await host.poll({ event }, state))).to.deep.equal(['In an outage']);
  });

  it('returns a sample in the editor without changing its static data', async () => {
    await fixture.client.run('case.create', { title: 'A sample', customer, priority: 'low' });
    const parameters = { event, filters: { priority: 'low' } };
    expect(titles(await host.poll(parameters, state, 'manual'))).to.deep.equal(['A sample']);
    expect(state.staticData).to.equal('{}');
  });
});
