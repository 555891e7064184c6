import { expect } from 'chai';
import type { ConnectorError, HttpRequest, HttpSender, JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';
import { createTestSender } from '../support/test-transport.ts';

/** Actions and functions of Dataverse, checked against the $metadata of the sandbox before they are called. */
describe('operation.call', () => {
  let fixture: SandboxClient;
  let account: JsonObject;
  const requests: HttpRequest[] = [];
  const run = async (action: string, input: JsonObject): Promise<JsonObject> =>
    (await fixture.client.run(action, input)).output as JsonObject;
  const call = (input: JsonObject) => run('operation.call', input);
  const errorOf = (work: Promise<unknown>): Promise<ConnectorError> =>
    work.then(
      () => expect.fail('expected an error'),
      (error: ConnectorError) => error,
    );
  const countRequests = (word: string) => requests.filter(({ url }) => url.includes(word)).length;
  const newCase = async () => {
    const customer = { table: 'account', id: account.id! };
    return { table: 'incident', id: (await run('case.create', { title: 'Kettle', customer })).id! };
  };

  before(async () => {
    const sender = createTestSender();
    const send: HttpSender = (request) => {
      requests.push(request);
      return sender(request);
    };
    fixture = await openSandboxClient({}, { send });
    account = await run('account.create', { name: 'Fabrikam' });
  });
  after(() => fixture.close());

  it('accepts rows as { table, id } and new rows as their columns', async () => {
    const queue = fixture.sandbox.organization.store.insert(
      'queue',
      { name: 'Repairs' },
      { userId: (await fixture.client.check()).userId },
    );
    const target = await newCase();
    const added = await call({
      name: 'AddToQueue',
      kind: 'action',
      on: { table: 'queue', id: queue.id },
      parameters: { Target: target },
    });
    expect(added.QueueItemId).to.be.a('string');
    const resolution = { subject: 'Done', 'incidentid@odata.bind': `/incidents(${target.id})` };
    const parameters = { IncidentResolution: resolution, Status: 5 };
    await call({ name: 'CloseIncident', kind: 'action', parameters });
    expect((await run('case.get', { id: target.id })).state).to.equal('resolved');
  });

  it('accepts rows in functions, and enumeration members by name or number', async () => {
    const principal = { table: 'systemuser', id: (await fixture.client.check()).userId };
    const rights = await call({
      name: 'RetrievePrincipalAccess',
      kind: 'function',
      on: principal,
      parameters: { Target: { table: 'account', id: account.id! } },
    });
    expect(rights.AccessRights).to.be.a('string');
    const draft = await call({
      name: 'InitializeFrom',
      kind: 'function',
      parameters: {
        EntityMoniker: { table: 'account', id: account.id! },
        TargetEntityName: 'contact',
        TargetFieldType: 0,
      },
    });
    expect(draft['@odata.type']).to.include('contact');
  });

  it('rejects an unknown name, a wrong table, kind or parameter before sending', async () => {
    const on = { table: 'account', id: account.id! };
    const wrong: Readonly<Record<string, JsonObject>> = {
      '/name': { name: 'CloseIncidnt', kind: 'action' },
      '/on': { name: 'AddToQueue', kind: 'action', on },
      '/kind': { name: 'CloseIncident', kind: 'function' },
      '/parameters': { name: 'CloseIncident', kind: 'action', parameters: { Status: 5 } },
      '/parameters/Status': {
        name: 'CloseIncident',
        kind: 'action',
        parameters: { IncidentResolution: {}, Status: 'five' },
      },
    };
    await call({ name: 'WhoAmI', kind: 'function' });
    requests.length = 0;
    for (const [path, input] of Object.entries(wrong)) {
      const error = await errorOf(call(input));
      expect(error.code, path).to.equal('INPUT_INVALID');
      expect(error.details.issues?.map((issue) => issue.path)).to.deep.equal([path]);
    }
    expect(requests.filter(({ method }) => method === 'POST')).to.deep.equal([]);
    expect((await errorOf(call(wrong['/name']!))).details.suggestions).to.include('CloseIncident');
  });

  it('names the unknown column of a new row', async () => {
    const { id } = await newCase();
    const resolution = { subjct: 'Done', 'incidentid@odata.bind': `/incidents(${id})` };
    const parameters = { IncidentResolution: resolution, Status: 5 };
    const error = await errorOf(call({ name: 'CloseIncident', kind: 'action', parameters }));
    expect(error.code).to.equal('INPUT_INVALID');
    expect(error.details.issues?.map(({ path }) => path)).to.deep.equal(['/parameters/IncidentResolution']);
    expect(error.message).to.include('subjct').and.to.include('subject');
  });

  it('calls the operation unchecked if the metadata cannot be read', async () => {
    const sender = createTestSender();
    const other = await openSandboxClient(
      {},
      {
        send: async (request) => {
          const isMetadata = request.url.includes('EntityDefinitions');
          return await sender(
            isMetadata ? { ...request, headers: { ...request.headers, authorization: '' } } : request,
          );
        },
      },
    );
    try {
      const { output } = await other.client.run('operation.call', { name: 'WhoAmI', kind: 'function' });
      expect(output).to.have.property('UserId');
    } finally {
      await other.close();
    }
  });

  it('reads the metadata only once', async () => {
    requests.length = 0;
    for (let i = 0; i < 3; i++) await call({ name: 'WhoAmI', kind: 'function' });
    expect(countRequests('$metadata')).to.equal(0);
  });

  it('is a step of a change set that uses rows of earlier steps', async () => {
    const [made] = (await fixture.client.changeSet([
      { name: 'one', action: 'contact.create', input: { lastName: 'Shared' } },
      {
        action: 'operation.call',
        input: {
          name: 'GrantAccess',
          kind: 'action',
          parameters: {
            Target: { from: 'one' },
            PrincipalAccess: {
              Principal: { table: 'systemuser', id: (await fixture.client.check()).userId },
              AccessMask: 'ReadAccess, WriteAccess',
            },
          },
        },
      },
    ])) as readonly JsonObject[];
    expect(made!.lastName).to.equal('Shared');
  });
});
