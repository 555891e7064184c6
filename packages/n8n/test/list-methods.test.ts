import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { createListMethods, type ListMethods } from '../src/index.ts';
import { createFakeContext, type FakeN8n, FakeOperationError, fakeLoadOptionsFunctions } from './fake-n8n.ts';

describe('n8n list methods', function () {
  this.timeout(30_000);
  let fixture: SandboxClient;
  let methods: ListMethods;
  let n8n: FakeN8n;
  let account: string;
  before(async () => {
    fixture = await openSandboxClient();
    methods = createListMethods(createFakeContext(runtimeOf(fixture.connector).definition));
    n8n = { environmentUrl: fixture.sandbox.organization.origin, token: () => fixture.sandbox.issueToken() };
    const { output } = await fixture.client.run('account.create', { name: "O'Hara & Sons" });
    account = String((output as JsonObject).id);
    await fixture.client.run('queue.create', { name: 'Second line' });
  });
  after(() => fixture.close());

  const options = (name: string, parameters: JsonObject = {}) =>
    methods.loadOptions[name]!.call(fakeLoadOptionsFunctions(n8n, parameters));
  const search = async (name: string, text?: string) =>
    (await methods.listSearch[name]!.call(fakeLoadOptionsFunctions(n8n), text)).results;

  it('load the tables of the organization and the columns of the selected table', async () => {
    expect(await options('getTables')).to.deep.include({ name: 'Case (incident)', value: 'incident' });
    const columns = await options('getColumns', { table: 'incident' });
    expect(columns.map(({ value }) => value)).to.include.members(['title', '_customerid_value']);
  });

  it('load the choices of the organization with the names of the manifest', async () => {
    expect(await options('choicesOf case.priority')).to.deep.include({ name: 'High', value: 'high' });
  });

  it('search users and queues by a part of their name', async () => {
    expect(await search('rowsOf user')).to.not.deep.equal([]);
    expect((await search('rowsOf queue', 'second')).map(({ name }) => name)).to.deep.equal(['Second line']);
  });

  it('search users to act as, with their Microsoft Entra object IDs', async () => {
    const found = await search('people');
    const { objectId } = fixture.sandbox.users[1]!;
    expect(found.map(({ value }) => value)).to.include(objectId);
    const { name } = found.find(({ value }) => value === objectId)!;
    expect(await search('people', name)).to.deep.equal([{ name, value: objectId }]);
  });

  it('search rows of several tables, with a quote in the text, and name the table of each', async () => {
    expect(await search('linksTo account|contact', "O'Hara")).to.deep.equal([
      { name: "O'Hara & Sons (Account)", value: `account/${account}` },
    ]);
  });

  it('treats wildcards of the search text as plain characters', async () => {
    const names = ['100% Organic', '100 Percent', 'Snack_Bar', 'Snack Bar', '[A] Parts', 'A Parts'];
    for (const name of names) await fixture.client.run('account.create', { name });
    const namesFor = async (text: string) => (await search('rowsOf account', text)).map(({ name }) => name);
    expect(await namesFor('100%')).to.deep.equal(['100% Organic']);
    expect(await namesFor('k_B')).to.deep.equal(['Snack_Bar']);
    expect(await namesFor('[A] P')).to.deep.equal(['[A] Parts']);
  });

  it('load the writable columns, with those that a new row needs as required', async () => {
    const fieldsFor = async (operation: string) => {
      const context = fakeLoadOptionsFunctions(n8n, { table: 'incident', operation });
      return (await methods.resourceMapping.getColumnsToWrite.call(context)).fields;
    };
    const fields = await fieldsFor('record.create');
    const fieldOf = (id: string) => fields.find((field) => field.id === id)!;
    expect(fieldOf('title')).to.include({ type: 'string' });
    expect(fieldOf('prioritycode').options).to.deep.include({ name: 'High', value: 1 });
    expect(fieldOf('customerid').displayName).to.match(/account\/ID or contact\/ID/);
    expect((await fieldsFor('record.update')).filter(({ required }) => required)).to.deep.equal([]);
  });

  it('throw errors as n8n node errors', async () => {
    const otherOrigin = fakeLoadOptionsFunctions({ ...n8n, environmentUrl: 'https://attacker.example' });
    const error = await methods.loadOptions.getTables!.call(otherOrigin).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(FakeOperationError);
  });
});
