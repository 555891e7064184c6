import { expect } from 'chai';
import type { Json, JsonObject } from 'dynamics365-connector';
import {
  createEngineHost,
  type HostOutcome,
  runHostContract,
} from '../../../../../test/hosts/host-contract.ts';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { type N8nHost, openN8nHost } from '../support/n8n-host.ts';

describe("the action node in n8n's engine", () => {
  let bench: SandboxClient;
  let host: N8nHost;
  let customer: JsonObject;
  before(async () => {
    bench = await openSandboxClient();
    host = await openN8nHost(bench.sandbox);
    const { output } = await bench.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  after(() => bench?.close());

  /** Parameters as the editor writes them: the resource is chosen before the operation. */
  const form = (operation: string, fields: JsonObject): JsonObject => ({
    resource: operation.split('.')[0]!,
    operation,
    ...fields,
  });
  /** Every field as an expression over the item: what an author writes that n8n cannot check beforehand. */
  const byExpressions = (operation: string, input: JsonObject): JsonObject => {
    const { actions } = bench.connector.definition;
    const needed = (actions[operation]?.input.required ?? []) as readonly string[];
    const others = Object.keys(input).filter((name) => !needed.includes(name));
    const ofItem = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, `={{ $json["${name}"] }}`]));
    return form(operation, { ...ofItem(needed), ...ofItem(others), additionalFields: ofItem(others) });
  };
  const known = (operation: string, input: JsonObject): JsonObject => {
    const fields = bench.connector.definition.actions[operation]?.input.properties as JsonObject | undefined;
    return Object.fromEntries(Object.entries(input).filter(([name]) => fields && name in fields));
  };
  const fromList = ({ table, id }: JsonObject): JsonObject => ({
    __rl: true,
    mode: 'list',
    value: `${table}/${id}`,
  });
  const create = (title: string) => form('case.create', { title, customer: fromList(customer) });

  it('gives the same outputs and errors as our engine', async () => {
    const { app, organization, issueToken } = bench.sandbox;
    // The app, which is who n8n signs in as.
    const client = bench.connector.connect(
      { orgUrl: organization.origin },
      { kind: 'host', getToken: () => ({ token: issueToken(app) }) },
      { allowLoopback: true },
    );
    const engine = createEngineHost(client);
    // n8n itself throws away what is no field of the form.
    const expected = await runHostContract((id, input) => engine(id, known(id, input)), customer);
    const seen = await runHostContract(async (operation, input): Promise<HostOutcome> => {
      const { items } = await host.run(byExpressions(operation, input), [input], {
        onError: 'continueRegularOutput',
      });
      const [json = {}] = items.map((item) => item.json);
      if ('error' in json) return { error: json.error as JsonObject };
      if (operation === 'case.list') return { output: items.map((item) => item.json) };
      if (operation === 'case.count') return { output: json.count as Json };
      return { output: json.success === true ? null : json };
    }, customer);
    expect(seen).to.deep.equal(expected);
  });

  it('runs once for each item, with its expressions, and pairs what comes out with what went in', async () => {
    const items = [{ subject: 'kettle' }, { subject: 'pot' }];
    const ran = await host.run(create('={{ "The " + $json.subject + " leaks" }}'), items);
    expect(ran.status).to.equal('success');
    expect(ran.items.map(({ json }) => json.title)).to.deep.equal(['The kettle leaks', 'The pot leaks']);
    expect(ran.items.map(({ pairedItem }) => pairedItem)).to.deep.equal([{ item: 0 }, { item: 1 }]);
  });

  it('writes and reads back fields of the collection', async () => {
    const { items: made } = await host.run(create('To be changed'));
    const id = made[0]!.json.id!;
    const additionalFields = { priority: 'high', escalated: true, followUpBy: '2026-07-01T09:00:00Z' };
    await host.run(form('case.update', { id, additionalFields }));
    const { items } = await host.run(form('case.get', { id }));
    expect(items[0]!.json).to.include({ id, ...additionalFields });
  });

  it('lists over several pages what was asked for, or all there is', async () => {
    const leads = Array.from({ length: 1005 }, (_, index) => ({ subject: `L${index}`, lastName: 'X' }));
    await bench.client.run('lead.create-many', { rows: leads });
    const list = (fields: JsonObject) => host.run(form('lead.list', fields));
    expect((await list({ returnAll: false, limit: 2 })).items).to.have.length(2);
    const { items } = await list({ returnAll: true });
    expect(new Set(items.map(({ json }) => json.id)).size).to.equal(1005);
  });

  it('fails with our message, and with the next step and the code below it', async () => {
    const { status, error } = await host.run(form('case.get', { id: crypto.randomUUID() }));
    expect(status).to.equal('error');
    expect(error).to.include({ name: 'NodeApiError', httpCode: '404' });
    expect(error!.description).to.match(/deleted.*\(NOT_FOUND\)$/);
    const { error: invalid } = await host.run(form('case.get', { id: 'no id' }));
    expect(invalid!.name).to.equal('NodeOperationError');
    expect(invalid!.description).to.match(/\/id must be an id.*\(INPUT_INVALID\)$/);
  });

  it('makes an item of a failure and goes on where the author wants that', async () => {
    const { items: made } = await host.run(create('There'));
    const ids = [{ id: crypto.randomUUID() }, { id: made[0]!.json.id! }];
    const parameters = form('case.get', { id: '={{ $json.id }}' });
    const { status, items } = await host.run(parameters, ids, { onError: 'continueRegularOutput' });
    expect(status).to.equal('success');
    expect(items[0]!.json.error).to.include({ code: 'NOT_FOUND' });
    expect(items[1]!.json).to.include({ title: 'There' });
  });

  it('waits as long as a 429 says, then goes on', async () => {
    const { faults } = bench.sandbox.organization;
    faults.add({ kind: 'status', status: 429, retryAfterSeconds: 1, path: '/incidents' });
    const begun = performance.now();
    const { status, items } = await host.run(create('In busy times'));
    expect(performance.now() - begun).to.be.at.least(1000);
    expect(status).to.equal('success');
    expect(items[0]!.json.title).to.equal('In busy times');
  });

  it('makes one row when an answer is lost on its way', async () => {
    bench.sandbox.organization.faults.add({ kind: 'reset', atByte: 0, path: '/incidents' });
    const { status } = await host.run(create('Answered into the void'));
    expect(status).to.equal('success');
    const { items } = await host.run(form('case.count', { additionalFields: { search: 'into the void' } }));
    expect(items[0]!.json.count).to.equal(1);
  });
});
