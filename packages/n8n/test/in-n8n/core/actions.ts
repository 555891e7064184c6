import { expect } from 'chai';
import type { Json, JsonObject } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import {
  createEngineHost,
  type HostOutcome,
  runHostContract,
} from '../../../../../test/hosts/host-contract.ts';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { collections } from '../../../src/collections.ts';
import { type N8nHost, openN8nHost } from '../support/n8n-host.ts';

describe("action node in n8n's engine", () => {
  let fixture: SandboxClient;
  let host: N8nHost;
  let customer: JsonObject;
  before(async () => {
    fixture = await openSandboxClient();
    host = await openN8nHost(fixture.sandbox);
    const { output } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  after(() => fixture?.close());

  /** Parameters as the editor saves them, of the action with this id. Rows have all of their columns. */
  const form = (id: string, fields: JsonObject): JsonObject => ({
    resource: id.split('.')[0]!,
    operation: id.split('.')[1]!,
    simplify: false,
    ...fields,
  });
  /** Parameters whose fields are expressions over the item, so that n8n does not check them. */
  const byExpressions = (operation: string, input: JsonObject): JsonObject => {
    const { actions } = runtimeOf(fixture.connector).definition;
    const required = (actions[operation]?.input.required ?? []) as readonly string[];
    const optional = Object.keys(input).filter((name) => !required.includes(name));
    const fromItem = (names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, `={{ $json["${name}"] }}`]));
    return form(operation, {
      ...fromItem(required),
      ...fromItem(optional),
      // n8n drops the fields that a collection does not have.
      ...Object.fromEntries(Object.keys(collections).map((name) => [name, fromItem(optional)])),
    });
  };
  /** The properties that the form of the operation has. */
  const knownInput = (operation: string, input: JsonObject): JsonObject => {
    const fields = runtimeOf(fixture.connector).definition.actions[operation]?.input.properties as
      | JsonObject
      | undefined;
    return Object.fromEntries(Object.entries(input).filter(([name]) => fields && name in fields));
  };
  const fromList = ({ table, id }: JsonObject): JsonObject => ({
    __rl: true,
    mode: 'list',
    value: `${table}/${id}`,
  });
  const create = (title: string) => form('case.create', { title, customer: fromList(customer) });

  it('returns the same outputs and errors as the engine', async () => {
    const { app, organization, issueToken } = fixture.sandbox;
    // n8n signs in as the app.
    const client = fixture.connector.connect(
      { orgUrl: organization.origin },
      { kind: 'host', getToken: () => ({ token: issueToken(app) }) },
      { allowLoopback: true },
    );
    const engine = createEngineHost(client);
    // n8n drops values that are not fields of the form.
    const expected = await runHostContract((id, input) => engine(id, knownInput(id, input)), customer);
    const actual = await runHostContract(async (operation, input): Promise<HostOutcome> => {
      const { items } = await host.run(byExpressions(operation, input), [input], {
        onError: 'continueRegularOutput',
      });
      const [json = {}] = items.map((item) => item.json);
      if ('error' in json) return { error: json.error as JsonObject };
      if (operation === 'case.list') return { output: items.map((item) => item.json) };
      if (operation === 'case.count') return { output: json.count as Json };
      return { output: json.success === true ? null : json };
    }, customer);
    expect(actual).to.deep.equal(expected);
  });

  it('runs once for each item with its expressions and sets pairedItem', async () => {
    const items = [{ subject: 'printer' }, { subject: 'scanner' }];
    const ran = await host.run(create('={{ "The " + $json.subject + " leaks" }}'), items);
    expect(ran.status).to.equal('success');
    expect(ran.items.map(({ json }) => json.title)).to.deep.equal(['The printer leaks', 'The scanner leaks']);
    expect(ran.items.map(({ pairedItem }) => pairedItem)).to.deep.equal([{ item: 0 }, { item: 1 }]);
  });

  it('writes the fields of the collection', async () => {
    const { items: made } = await host.run(create('To be changed'));
    const id = made[0]!.json.id!;
    const additionalFields = { priority: 'high', escalated: true, followUpBy: '2026-07-01T09:00:00Z' };
    await host.run(form('case.update', { id, additionalFields }));
    const { items } = await host.run(form('case.get', { id }));
    expect(items[0]!.json).to.include({ id, ...additionalFields });
  });

  it('lists rows of several pages up to the limit, or all', async () => {
    const leads = Array.from({ length: 1005 }, (_, index) => ({ subject: `L${index}`, lastName: 'X' }));
    await fixture.client.run('lead.create-many', { rows: leads });
    const list = (fields: JsonObject) => host.run(form('lead.list', fields));
    expect((await list({ returnAll: false, limit: 2 })).items).to.have.length(2);
    const { items } = await list({ returnAll: true });
    expect(new Set(items.map(({ json }) => json.id)).size).to.equal(1005);
  });

  it('throws node errors with message, advice and code', async () => {
    const { status, error } = await host.run(form('case.get', { id: crypto.randomUUID() }));
    expect(status).to.equal('error');
    expect(error).to.include({ name: 'NodeApiError', httpCode: '404' });
    expect(error!.description).to.match(/deleted.*\(NOT_FOUND\)$/);
    const { error: invalid } = await host.run(form('case.get', { id: 'no id' }));
    expect(invalid!.name).to.equal('NodeOperationError');
    expect(invalid!.description).to.match(/\/id must be an id.*\(INPUT_INVALID\)$/);
  });

  it('returns errors as items with continueRegularOutput', async () => {
    const { items: made } = await host.run(create('Existing'));
    const ids = [{ id: crypto.randomUUID() }, { id: made[0]!.json.id! }];
    const parameters = form('case.get', { id: '={{ $json.id }}' });
    const { status, items } = await host.run(parameters, ids, { onError: 'continueRegularOutput' });
    expect(status).to.equal('success');
    expect(items[0]!.json.error).to.include({ code: 'NOT_FOUND' });
    expect(items[1]!.json).to.include({ title: 'Existing' });
  });

  it('waits for the Retry-After of a 429 response and continues', async () => {
    const { faults } = fixture.sandbox.organization;
    faults.add({ kind: 'status', status: 429, retryAfterSeconds: 1, path: '/incidents' });
    const startedMs = performance.now();
    const { status, items } = await host.run(create('After throttling'));
    expect(performance.now() - startedMs).to.be.at.least(1000);
    expect(status).to.equal('success');
    expect(items[0]!.json.title).to.equal('After throttling');
  });

  it('creates one row when a response is lost', async () => {
    fixture.sandbox.organization.faults.add({ kind: 'reset', atByte: 0, path: '/incidents' });
    const { status } = await host.run(create('Lost response'));
    expect(status).to.equal('success');
    const { items } = await host.run(form('case.count', { filters: { search: 'Lost response' } }));
    expect(items[0]!.json.count).to.equal(1);
  });
});
