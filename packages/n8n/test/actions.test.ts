import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import type { Json, JsonObject } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { createEngineHost, type HostOutcome, runHostContract } from '../../../test/hosts/host-contract.ts';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { type N8nContext, runActions } from '../src/index.ts';
import type { N8nHttpResponse } from '../src/n8n-types.ts';
import {
  createFakeContext,
  FakeApiError,
  type FakeN8n,
  FakeOperationError,
  fakeExecuteFunctions,
  fakeHelpers,
} from './fake-n8n.ts';

describe('n8n action node', () => {
  let fixture: SandboxClient;
  let n8nContext: N8nContext;
  let n8n: FakeN8n;
  let customer: JsonObject;
  before(async () => {
    fixture = await openSandboxClient();
    n8nContext = createFakeContext(runtimeOf(fixture.connector).definition);
    const { sandbox } = fixture;
    n8n = { environmentUrl: sandbox.organization.origin, token: () => sandbox.issueToken() };
    const { output } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  after(() => fixture.close());

  const run = async (parameters: JsonObject, options: Parameters<typeof fakeExecuteFunctions>[2] = {}) =>
    (await runActions(n8nContext, fakeExecuteFunctions(n8n, parameters, options)))[0]!;
  const newCase = (title: string): JsonObject => ({ resource: 'case', operation: 'create', title, customer });
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('no error'),
      (error: unknown) => error as FakeOperationError,
    );

  it('returns the same outputs and errors as the engine', async () => {
    const actual = await runHostContract(async (operation, input): Promise<HostOutcome> => {
      const [resource = '', verb = ''] = operation.split('.');
      const parameters = { resource, operation: verb, ...input, additionalFields: input };
      const items = await run(parameters, { continueOnFail: true });
      const [{ json } = { json: {} }] = items;
      if ('error' in json) return { error: json.error as JsonObject };
      if (operation === 'case.list') return { output: items.map((item) => item.json) };
      if (operation === 'case.count') return { output: json.count as Json };
      return { output: json.success === true ? null : json };
    }, customer);
    expect(actual).to.deep.equal(await runHostContract(createEngineHost(fixture.client), customer));
  });

  it('runs once for each item and sets pairedItem', async () => {
    const items = await run(newCase('One of two'), { items: [{ json: {} }, { json: {} }] });
    expect(items.map(({ pairedItem }) => pairedItem?.item)).to.deep.equal([0, 1]);
    expect(new Set(items.map(({ json }) => json.id)).size).to.equal(2);
  });

  it('creates one row when n8n retries an item of an execution', async () => {
    const [first] = await run(newCase('Retried'), { executionId: 'same' });
    const [second] = await run(newCase('Retried'), { executionId: 'same' });
    const [other] = await run(newCase('Retried'), { executionId: 'other' });
    expect(second!.json.id).to.equal(first!.json.id);
    expect(other!.json.id).to.not.equal(first!.json.id);
  });

  it('returns all rows of a list, or as many as the limit', async () => {
    for (let index = 0; index < 5; index++)
      await fixture.client.run('lead.create', { subject: `L${index}`, lastName: 'X' });
    const limited = await run({ resource: 'lead', operation: 'list', returnAll: false, limit: 2 });
    expect(limited).to.have.length(2);
    const all = await run({ resource: 'lead', operation: 'list', returnAll: true, limit: 2 });
    expect(all).to.have.length(5);
  });

  it('simplifies rows to their main columns, unless columns are chosen', async () => {
    const columnsOf = async (parameters: JsonObject) => {
      const [item] = await run({ resource: 'account', operation: 'list', ...parameters });
      return Object.keys(item!.json);
    };
    const simple = await columnsOf({ simplify: true });
    expect(simple).to.include.members(['id', 'name', 'owner']).and.not.include('street');
    expect(await columnsOf({ simplify: false })).to.include('street');
    expect(await columnsOf({ simplify: true, options: { columns: ['name'] } })).to.have.members([
      'id',
      'name',
    ]);
  });

  it('writes the people of an e-mail from fields, and leaves out an empty one', async () => {
    const contact = (
      await fixture.client.run('contact.create', { lastName: 'Ann', email: 'ann@example.com' })
    ).output as JsonObject;
    const row = (value: string, mode = 'list') => ({ row: { __rl: true, mode, value } });
    const [item] = await run({
      resource: 'email',
      operation: 'create',
      subject: 'Hello',
      additionalFields: {
        to: { rows: [row(`contact/${contact.id}`), row('', 'list')] },
        cc: { rows: [row('boss@example.com', 'address')] },
        bcc: {},
      },
    });
    const request = {
      table: 'activityparty',
      select: ['addressused', '_partyid_value', 'participationtypemask'],
      filter: `_activityid_value eq ${item!.json.id}`,
    };
    const parties: JsonObject[] = [];
    for await (const page of fixture.client.query(request)) parties.push(...page);
    const written = JSON.stringify(parties);
    expect(written).to.include(String(contact.id)).and.include('boss@example.com');
  });

  it('writes the columns of the organization by their types', async () => {
    const { store } = fixture.sandbox.organization;
    const column = { required: 'None', validForCreate: true, validForUpdate: true } as const;
    store.addColumn('incident', {
      ...{ logicalName: 'new_size', schemaName: 'new_Size', displayName: 'Size', type: 'Integer' },
      ...column,
    });
    const customColumns = { rows: [{ column: 'new_size', value: '42' }] };
    const [item] = await run({ ...newCase('Custom'), additionalFields: { customColumns } });
    const { output } = await fixture.client.run('case.get', {
      id: item!.json.id!,
      customColumns: ['new_size'],
    });
    expect((output as JsonObject).customColumns).to.deep.equal({ new_size: 42 });
  });

  it('accepts a lookup as resource locator, text and object', async () => {
    const lookups = [
      { __rl: true, mode: 'list', value: `account/${customer.id}` },
      `account/${customer.id}`,
      customer,
    ];
    for (const lookup of lookups) {
      const [item] = await run({ ...newCase('With a lookup'), customer: lookup });
      expect(item!.json.customer).to.include({ table: 'account', id: customer.id });
    }
  });

  it('reads a date-time without an offset in the time zone of the workflow', async () => {
    const [item] = await run({
      ...newCase('Later'),
      additionalFields: { followUpBy: '2026-07-01T09:00:00' },
    });
    expect(item!.json.followUpBy).to.equal('2026-07-01T07:00:00Z');
  });

  it('accepts results of expressions: dates and objects of another realm', async () => {
    const foreign = runInNewContext(`({ followUpBy: new Date(Date.UTC(2026, 6, 1, 7)) })`);
    const [item] = await run({ ...newCase('Foreign'), additionalFields: foreign });
    expect(item!.json.followUpBy).to.equal('2026-07-01T07:00:00Z');
  });

  it('writes the columns of a resource mapper and omits empty ones', async () => {
    const value = {
      title: 'Mapped',
      customerid: `account/${customer.id}`,
      prioritycode: 1,
      followupby: '2026-07-01T09:00:00',
      description: null,
    };
    const [item] = await run({
      resource: 'record',
      operation: 'create',
      table: 'incident',
      values: { mappingMode: 'defineBelow', value },
    });
    const { output } = await fixture.client.run('case.get', { id: item!.json.incidentid ?? item!.json.id! });
    expect(output).to.include({ title: 'Mapped', priority: 'high', followUpBy: '2026-07-01T07:00:00Z' });
  });

  it('uploads the file of an item and returns a downloaded file as binary data', async () => {
    const bytes = new TextEncoder().encode('a picture');
    const files = { photo: { fileName: 'photo.png', mimeType: 'image/png', bytes } };
    const [note] = await run(
      { resource: 'note', operation: 'attach', regarding: customer, binaryPropertyName: 'photo' },
      { files },
    );
    const [downloaded] = await run({
      resource: 'note',
      operation: 'download',
      id: note!.json.id!,
      binaryPropertyName: 'back',
    });
    expect(downloaded!.json)
      .to.include({ fileName: 'photo.png', size: bytes.length })
      .and.not.have.property('content');
    expect({ ...downloaded!.binary!.back }).to.deep.equal({ ...files.photo, bytes: Buffer.from(bytes) });
  });

  it('throws n8n node errors with message, advice, code and item', async () => {
    const invalid = await errorOf(run({ resource: 'case', operation: 'get', id: 'no id' }));
    expect(invalid).to.be.instanceOf(FakeOperationError);
    expect(invalid).to.include({ itemIndex: 0 });
    expect(invalid.description).to.match(/\/id must be an id.*\(INPUT_INVALID\)$/);
    const missing = await errorOf(run({ resource: 'case', operation: 'get', id: crypto.randomUUID() }));
    expect(missing).to.be.instanceOf(FakeApiError).and.include({ httpCode: '404' });
    expect(missing.description).to.match(/deleted.*\(NOT_FOUND\)$/);
    const misspelled = await errorOf(
      run({ resource: 'case', operation: 'list', additionalFields: { filter: 'prioritycod eq 1' } }),
    );
    expect(misspelled.description)
      .to.match(/\(QUERY_INVALID\)$/)
      .and.not.include('`d365');
  });

  it('passes on errors of n8n itself, also as items', async () => {
    const expressionError = new Error('This expression is invalid');
    const parameters = {
      get operation(): string {
        throw expressionError;
      },
    };
    expect(await errorOf(run(parameters))).to.equal(expressionError);
    const [item] = await run(parameters, { continueOnFail: true });
    expect(item!.json).to.deep.equal({ error: { message: expressionError.message } });
  });

  it('names the field whose JSON is invalid', async () => {
    const error = await errorOf(
      run({ resource: 'record', operation: 'get', table: 'incident', additionalFields: { key: '{ "a": ' } }),
    );
    expect(error.message).to.equal('/key must be JSON');
  });

  describe('with call options', () => {
    afterEach(() => {
      fixture.sandbox.organization.plugIns.length = 0;
    });
    const read = async (id: unknown) => (await fixture.client.run('case.get', { id: id as string })).output;

    it('asUser acts as the selected user', async () => {
      const { objectId } = fixture.sandbox.users[1]!;
      const asUser = { __rl: true, mode: 'list', value: objectId };
      const [item] = await run({ ...newCase('As another user'), options: { asUser } });
      const id = fixture.sandbox.organization.findSystemUserId(fixture.sandbox.users[1]!);
      expect(item!.json.owner).to.include({ id });
    });

    it('ifVersion rejects an update of a row that has changed', async () => {
      const [{ json }] = (await run(newCase('Versioned'))) as [{ json: JsonObject }];
      const change = (title: string) =>
        run({
          resource: 'case',
          operation: 'update',
          id: json.id!,
          additionalFields: { title },
          options: { ifVersion: json.version! },
        });
      await change('First');
      expect((await errorOf(change('Second'))).description).to.match(/\(CONFLICT\)$/);
      expect(await read(json.id)).to.include({ title: 'First' });
    });

    it('bypassLogic skips plug-ins, from a list or from the text of an expression', async () => {
      const { plugIns } = fixture.sandbox.organization;
      plugIns.push({
        message: 'Create',
        table: 'incident',
        mode: 'sync',
        run: () => ({ description: 'By a plug-in' }),
      });
      for (const bypassLogic of [['sync'], 'sync, async']) {
        const [item] = await run({ ...newCase('Bypassed'), options: { bypassLogic } });
        expect(item!.json.description ?? null).to.equal(null);
      }
      const [item] = await run({ ...newCase('Not bypassed'), options: { bypassFlows: true } });
      expect(item!.json.description).to.equal('By a plug-in');
    });

    it('rejects an asUser without a value instead of acting as the own user', async () => {
      const intercept = () => expect.fail('a request was sent');
      const emptyLocator = { __rl: true, mode: 'id', value: '' };
      for (const asUser of [undefined, null, '', emptyLocator, 'no id', 5] as never[]) {
        const context = fakeExecuteFunctions(
          { ...n8n, intercept },
          { ...newCase('Not created'), options: { asUser } },
        );
        const { description } = await errorOf(runActions(n8nContext, context));
        expect(description).to.match(/\(INPUT_INVALID\)$/);
      }
    });

    it('rejects an unknown option and suggests the nearest one', async () => {
      const error = await errorOf(run({ ...newCase('Typo'), options: { asuser: 'x' } }));
      expect(error.message).to.equal('There is no call option "asuser".');
      expect(error.description).to.match(/Did you mean "asUser"\?.*\(INPUT_INVALID\)$/s);
    });
  });

  it('waits for the Retry-After of a 429 response and continues', async () => {
    const delaysMs: number[] = [];
    const contextWithDelays = createFakeContext(runtimeOf(fixture.connector).definition, {
      ...fakeHelpers,
      sleep(ms, signal) {
        delaysMs.push(ms);
        return fakeHelpers.sleep(ms, signal);
      },
    });
    const throttled: N8nHttpResponse = {
      statusCode: 429,
      headers: { 'Retry-After': '1' },
      body: new Uint8Array(),
    };
    const responses: (N8nHttpResponse | undefined)[] = [throttled];
    const intercept = () => responses.shift();
    const [items] = await runActions(
      contextWithDelays,
      fakeExecuteFunctions({ ...n8n, intercept }, { resource: 'case', operation: 'count' }),
    );
    expect(items![0]!.json).to.have.property('count');
    expect(delaysMs.some((ms) => ms >= 900 && ms < 5000)).to.equal(true);
  });

  it('throws RECONNECT_NEEDED when the organization rejects the token of n8n', async () => {
    const error = await errorOf(
      runActions(
        n8nContext,
        fakeExecuteFunctions({ ...n8n, token: () => 'stale' }, { resource: 'case', operation: 'count' }),
      ),
    );
    expect(error.description).to.match(/connect it again.*\(RECONNECT_NEEDED\)$/);
  });

  it('explains errors of the sign-in authority', async () => {
    const intercept = () => {
      const body = { error: 'invalid_client', error_description: 'AADSTS7000222: expired' };
      throw Object.assign(new Error('n8n'), { cause: Object.assign(new Error('auth'), { body }) });
    };
    const error = await errorOf(
      runActions(
        n8nContext,
        fakeExecuteFunctions({ ...n8n, intercept }, { resource: 'case', operation: 'count' }),
      ),
    );
    expect(error.description).to.match(/\(SECRET_EXPIRED\)$/);
  });

  it('sends no Authorization header of its own', async () => {
    const authorizations: (string | undefined)[] = [];
    const intercept = (request: { headers: Readonly<Record<string, string>> }) => {
      authorizations.push(request.headers.authorization);
      return undefined;
    };
    await runActions(
      n8nContext,
      fakeExecuteFunctions({ ...n8n, intercept }, { resource: 'case', operation: 'count' }),
    );
    expect(authorizations).to.deep.equal([undefined]);
  });

  it('rejects an invalid environment URL before sending', async () => {
    const intercept = () => expect.fail('a request was sent');
    const otherOrigin = { ...n8n, environmentUrl: 'https://attacker.example', intercept };
    const error = await errorOf(
      runActions(n8nContext, fakeExecuteFunctions(otherOrigin, { resource: 'case', operation: 'count' })),
    );
    expect(error.description).to.match(/\(CONNECTION_INVALID\)$/);
  });
});
