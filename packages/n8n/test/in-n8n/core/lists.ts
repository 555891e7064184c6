import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { rowUrl } from 'dynamics365-connector/host';
import { openSandboxClient, type SandboxClient } from '../../../../../test/support/sandbox-client.ts';
import { type N8nHost, openN8nHost } from '../support/n8n-host.ts';

interface Option {
  readonly name: string;
  readonly value: string;
}
interface MappedFields {
  readonly fields: readonly { readonly id: string; readonly type: string; readonly required: boolean }[];
}

describe("list methods in n8n's engine", () => {
  let fixture: SandboxClient;
  let host: N8nHost;
  before(async () => {
    fixture = await openSandboxClient();
    host = await openN8nHost(fixture.sandbox);
  });
  after(() => fixture?.close());

  const options = async (name: string, parameters: JsonObject = {}) =>
    (await host.callListMethod('loadOptions', name, parameters)) as readonly Option[];
  const search = async (name: string, text: string, parameters: JsonObject = {}) =>
    ((await host.callListMethod('listSearch', name, parameters, text)) as { results: readonly Option[] })
      .results;

  it('load the tables of the organization', async () => {
    const values = (await options('tables')).map(({ value }) => value);
    expect(values).to.include.members(['incident', 'account', 'queueitem']);
  });

  it('load the columns of the selected table', async () => {
    const values = (await options('columns {table} read', { table: 'incident' })).map(({ value }) => value);
    expect(values).to.include.members(['title', 'prioritycode', '_customerid_value']);
  });

  it('load the choices of a column with the names of the manifest', async () => {
    expect(
      await options('choices {resource}.priority', { resource: 'case', operation: 'create' }),
    ).to.deep.include({ name: 'High', value: 'high' });
  });

  it('search users by name', async () => {
    const { user, organization } = fixture.sandbox;
    const found = await search('rows {resource} id', user.displayName, {
      resource: 'user',
      operation: 'get',
    });
    expect(found.map(({ value }) => value)).to.deep.equal([organization.findSystemUserId(user)]);
  });

  it('search queues by name', async () => {
    const { output } = await fixture.client.run('queue.create', { name: 'Printers' });
    await fixture.client.run('queue.create', { name: 'Phones' });
    const { id } = output as JsonObject;
    expect(await search('rows queue id', 'Print')).to.deep.equal([
      { name: 'Printers', value: id, url: rowUrl(fixture.sandbox.organization.origin, 'queue', String(id)) },
    ]);
  });

  it('load the writable columns of a table', async () => {
    const parameters = { resource: 'record', operation: 'create', table: 'incident' };
    const mapped = await host.callListMethod('resourceMapping', 'columns {table} create', parameters);
    const { fields } = mapped as MappedFields;
    const title = fields.find(({ id }) => id === 'title');
    expect(title).to.include({ type: 'string' });
    expect(fields.map(({ id }) => id)).to.not.include('createdon');
  });

  it('write the values of a resource mapper', async () => {
    const value = { name: 'Fabrikam, Inc.', revenue: 12.5 };
    const { status, items } = await host.run({
      resource: 'record',
      operation: 'create',
      table: 'account',
      values: { mappingMode: 'defineBelow', value },
    });
    expect(status).to.equal('success');
    expect(items[0]!.json).to.include(value);
  });
});
