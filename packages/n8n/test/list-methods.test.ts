import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { rowUrl, runtimeOf } from 'dynamics365-connector/host';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { createListMethods, type ListMethods } from '../src/index.ts';
import { createFakeContext, type FakeN8n, FakeOperationError, fakeLoadOptionsFunctions } from './fake-n8n.ts';

describe('n8n list methods', () => {
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
  const search = async (name: string, text?: string, parameters: JsonObject = {}) =>
    (await methods.listSearch[name]!.call(fakeLoadOptionsFunctions(n8n, parameters), text)).results;
  const linkTo = (table: string, id: unknown) =>
    rowUrl(fixture.sandbox.organization.origin, table, String(id));

  it('load the tables of the organization and the columns of the selected table', async () => {
    expect(await options('tables')).to.deep.include({ name: 'Case (incident)', value: 'incident' });
    const columns = await options('columns {table} read', { table: 'incident' });
    expect(columns.map(({ value }) => value)).to.include.members(['title', '_customerid_value']);
  });

  it('load the columns that a trigger of any table can watch', async () => {
    const watched = await options('columns {table} watch', { table: 'email', event: 'record.updated' });
    expect(watched.map(({ value }) => value))
      .to.include('subject')
      .and.not.include('to');
  });

  it('load the columns of the organization that an action or trigger does not have, also new ones', async () => {
    const { store } = fixture.sandbox.organization;
    const custom = async (parameters: Record<string, string>) => {
      const use = 'event' in parameters ? 'watch' : 'read';
      const found = await options(`columns {resource} ${use} custom`, parameters);
      return found.map(({ value }) => value);
    };
    const known = await custom({ resource: 'case', operation: 'list' });
    expect(known).to.include('traversedpath').and.not.include('title');
    store.addColumn('incident', {
      ...{ logicalName: 'new_tier', schemaName: 'new_Tier', displayName: 'Tier', type: 'String' },
      ...{ required: 'None', validForCreate: true, validForUpdate: true },
    });
    expect(await custom({ resource: 'case', operation: 'get' })).to.have.members([...known, 'new_tier']);
    expect(await custom({ event: 'case.created' })).to.include('new_tier');
  });

  it('load the choices of the organization with the names of the manifest', async () => {
    expect(
      await options('choices {resource}.priority', { resource: 'case', operation: 'create' }),
    ).to.deep.include({ name: 'High', value: 'high' });
  });

  it('search users and queues by a part of their name', async () => {
    expect(
      await search('rows {resource} id', undefined, { resource: 'user', operation: 'get' }),
    ).to.not.deep.equal([]);
    expect((await search('rows queue id', 'second')).map(({ name }) => name)).to.deep.equal(['Second line']);
  });

  it('search users to act as, with their Microsoft Entra object IDs', async () => {
    const found = await search('rows user entra-id');
    const { objectId } = fixture.sandbox.users[1]!;
    expect(found.map(({ value }) => value)).to.include(objectId);
    const user = found.find(({ value }) => value === objectId)!;
    const [name = ''] = user.name.split(' (');
    expect(await search('rows user entra-id', name)).to.deep.equal([user]);
  });

  it('search rows of several tables, with a quote in the text, and name the table of each', async () => {
    expect(await search('rows account|contact table/id', "O'Hara")).to.deep.equal([
      { name: "O'Hara & Sons (Account)", value: `account/${account}`, url: linkTo('account', account) },
    ]);
  });

  it('tell rows of one name apart by a second line, and link each to its row', async () => {
    for (const number of ['A-1', 'A-2'])
      await fixture.client.run('account.create', { name: 'Twice', number });
    for (const _ of [1, 2]) await fixture.client.run('account.create', { name: 'Same' });
    const found = await search('rows account id', 'Twice');
    expect(found.map(({ name }) => name)).to.have.members(['Twice (A-1)', 'Twice (A-2)']);
    for (const { value, url } of found) expect(url).to.equal(linkTo('account', value));
    const same = await search('rows account id', 'Same');
    expect(same.map(({ name }) => name)).to.satisfy((names: string[]) =>
      names.every((name) => /^Same \(.*\d{4}.*\)$/.test(name)),
    );
  });

  it('find rows by their number and e-mail address too', async () => {
    await fixture.client.run('account.create', {
      name: 'Numbered',
      number: 'X-4711',
      email: 'info@numbered.example',
    });
    for (const text of ['X-47', 'info@numbered'])
      expect((await search('rows account id', text)).map(({ name }) => name)).to.deep.equal([
        'Numbered (X-4711 \u00b7 info@numbered.example)',
      ]);
  });

  it('list rows of the table that another field names', async () => {
    const rows = await search('rows {table} id', "O'Hara", {
      resource: 'record',
      operation: 'get',
      table: 'account',
    });
    expect(rows.map(({ value }) => value)).to.deep.equal([account]);
    expect(
      await search('rows {table} id', '', { resource: 'record', operation: 'get', table: '' }),
    ).to.deep.equal([]);
  });

  it('treats wildcards of the search text as plain characters', async () => {
    const names = ['100% Organic', '100 Percent', 'Snack_Bar', 'Snack Bar', '[A] Parts', 'A Parts'];
    for (const name of names) await fixture.client.run('account.create', { name });
    const namesFor = async (text: string) => (await search('rows account id', text)).map(({ name }) => name);
    expect(await namesFor('100%')).to.deep.equal(['100% Organic']);
    expect(await namesFor('k_B')).to.deep.equal(['Snack_Bar']);
    expect(await namesFor('[A] P')).to.deep.equal(['[A] Parts']);
  });

  it('load the writable columns, with those that a new row needs as required', async () => {
    const fieldsFor = async (operation: string) => {
      const context = fakeLoadOptionsFunctions(n8n, { resource: 'record', operation, table: 'incident' });
      return (await methods.resourceMapping[`columns {table} ${operation}`]!.call(context)).fields;
    };
    const fields = await fieldsFor('create');
    const fieldOf = (id: string) => fields.find((field) => field.id === id)!;
    expect(fieldOf('title')).to.include({ type: 'string' });
    expect(fieldOf('prioritycode').options).to.deep.include({ name: 'High', value: 1 });
    expect(fieldOf('customerid').displayName).to.match(/account\/ID or contact\/ID/);
    expect((await fieldsFor('update')).filter(({ required }) => required)).to.deep.equal([]);
  });

  it('throw errors as n8n node errors', async () => {
    const otherOrigin = fakeLoadOptionsFunctions({ ...n8n, environmentUrl: 'https://attacker.example' });
    const error = await methods.loadOptions.tables!.call(otherOrigin).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(FakeOperationError);
  });
});
