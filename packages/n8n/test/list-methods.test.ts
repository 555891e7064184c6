import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { createListMethods, type ListMethods } from '../src/index.ts';
import { createFakeContext, type FakeN8n, FakeOperationError, fakeLoadOptionsFunctions } from './fake-n8n.ts';

describe('the lists of the nodes for n8n', function () {
  this.timeout(30_000);
  let bench: SandboxClient;
  let methods: ListMethods;
  let n8n: FakeN8n;
  let account: string;
  before(async () => {
    bench = await openSandboxClient();
    methods = createListMethods(createFakeContext(bench.connector.definition));
    n8n = { environmentUrl: bench.sandbox.organization.origin, token: () => bench.sandbox.issueToken() };
    const { output } = await bench.client.run('account.create', { name: "O'Hara & Sons" });
    account = String((output as JsonObject).id);
    await bench.client.run('queue.create', { name: 'Second line' });
  });
  after(() => bench.close());

  const options = (name: string, parameters: JsonObject = {}) =>
    methods.loadOptions[name]!.call(fakeLoadOptionsFunctions(n8n, parameters));
  const search = async (name: string, text?: string) =>
    (await methods.listSearch[name]!.call(fakeLoadOptionsFunctions(n8n), text)).results;

  it('have the tables of the organization and the columns of the chosen one', async () => {
    expect(await options('getTables')).to.deep.include({ name: 'Case (incident)', value: 'incident' });
    const columns = await options('getColumns', { table: 'incident' });
    expect(columns.map(({ value }) => value)).to.include.members(['title', '_customerid_value']);
  });

  it('have the choices of the organization in our words', async () => {
    expect(await options('choicesOf case.priority')).to.deep.include({ name: 'High', value: 'high' });
  });

  it('have users, and queues by a part of their names', async () => {
    expect(await search('rowsOf user')).to.not.deep.equal([]);
    expect((await search('rowsOf queue', 'second')).map(({ name }) => name)).to.deep.equal(['Second line']);
  });

  it('have the users who can be acted for, by the ids that Entra knows them by', async () => {
    const found = await search('people');
    const { objectId } = bench.sandbox.users[1]!;
    expect(found.map(({ value }) => value)).to.include(objectId);
    const { name } = found.find(({ value }) => value === objectId)!;
    expect(await search('people', name)).to.deep.equal([{ name, value: objectId }]);
  });

  it('find rows of several tables, whatever is typed, and say of which each is', async () => {
    expect(await search('linksTo account|contact', "O'Hara")).to.deep.equal([
      { name: "O'Hara & Sons (Account)", value: `account/${account}` },
    ]);
  });

  it('treats wildcards of the search text as plain characters', async () => {
    const names = ['100% Organic', '100 Percent', 'Snack_Bar', 'Snack Bar', '[A] Parts', 'A Parts'];
    for (const name of names) await bench.client.run('account.create', { name });
    const namesFor = async (text: string) => (await search('rowsOf account', text)).map(({ name }) => name);
    expect(await namesFor('100%')).to.deep.equal(['100% Organic']);
    expect(await namesFor('k_B')).to.deep.equal(['Snack_Bar']);
    expect(await namesFor('[A] P')).to.deep.equal(['[A] Parts']);
  });

  it('have the columns that can be written; what a new row needs is marked', async () => {
    const fieldsFor = async (operation: string) => {
      const context = fakeLoadOptionsFunctions(n8n, { table: 'incident', operation });
      return (await methods.resourceMapping.getColumnsToWrite.call(context)).fields;
    };
    const fields = await fieldsFor('record.create');
    const by = (id: string) => fields.find((field) => field.id === id)!;
    expect(by('title')).to.include({ type: 'string' });
    expect(by('prioritycode').options).to.deep.include({ name: 'High', value: 1 });
    expect(by('customerid').displayName).to.match(/account\/ID or contact\/ID/);
    expect((await fieldsFor('record.update')).filter(({ required }) => required)).to.deep.equal([]);
  });

  it('say what is wrong as an error of n8n', async () => {
    const elsewhere = fakeLoadOptionsFunctions({ ...n8n, environmentUrl: 'https://evil.example' });
    const error = await methods.loadOptions.getTables!.call(elsewhere).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(FakeOperationError);
  });
});
