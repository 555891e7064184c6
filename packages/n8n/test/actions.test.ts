import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import type { Json, JsonObject } from 'dynamics365-connector';
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

describe('the action node for n8n', function () {
  this.timeout(30_000);
  let bench: SandboxClient;
  let n8nContext: N8nContext;
  let n8n: FakeN8n;
  let customer: JsonObject;
  before(async () => {
    bench = await openSandboxClient();
    n8nContext = createFakeContext(bench.connector.definition);
    const { sandbox } = bench;
    n8n = { environmentUrl: sandbox.organization.origin, token: () => sandbox.issueToken() };
    const { output } = await bench.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  after(() => bench.close());

  const run = async (parameters: JsonObject, options: Parameters<typeof fakeExecuteFunctions>[2] = {}) =>
    (await runActions(n8nContext, fakeExecuteFunctions(n8n, parameters, options)))[0]!;
  const newCase = (title: string): JsonObject => ({ operation: 'case.create', title, customer });
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('it went well'),
      (error: unknown) => error as FakeOperationError,
    );

  it('gives the same outputs and errors as the engine', async () => {
    const seen = await runHostContract(async (operation, input): Promise<HostOutcome> => {
      const parameters = { operation, ...input, additionalFields: input };
      const items = await run(parameters, { continueOnFail: true });
      const [{ json } = { json: {} }] = items;
      if ('error' in json) return { error: json.error as JsonObject };
      if (operation === 'case.list') return { output: items.map((item) => item.json) };
      if (operation === 'case.count') return { output: json.count as Json };
      return { output: json.success === true ? null : json };
    }, customer);
    expect(seen).to.deep.equal(await runHostContract(createEngineHost(bench.client), customer));
  });

  it('runs once for each item and pairs what comes out with what went in', async () => {
    const items = await run(newCase('One of two'), { items: [{ json: {} }, { json: {} }] });
    expect(items.map(({ pairedItem }) => pairedItem?.item)).to.deep.equal([0, 1]);
    expect(new Set(items.map(({ json }) => json.id)).size).to.equal(2);
  });

  it('makes one row when n8n tries the same item of the same execution again', async () => {
    const [first] = await run(newCase('Tried twice'), { executionId: 'same' });
    const [second] = await run(newCase('Tried twice'), { executionId: 'same' });
    const [other] = await run(newCase('Tried twice'), { executionId: 'other' });
    expect(second!.json.id).to.equal(first!.json.id);
    expect(other!.json.id).to.not.equal(first!.json.id);
  });

  it('answers all rows of a list over its pages, or as many as were asked for', async () => {
    for (let index = 0; index < 5; index++)
      await bench.client.run('lead.create', { subject: `L${index}`, lastName: 'X' });
    const limited = await run({ operation: 'lead.list', returnAll: false, limit: 2 });
    expect(limited).to.have.length(2);
    const all = await run({ operation: 'lead.list', returnAll: true, limit: 2 });
    expect(all).to.have.length(5);
  });

  it('takes a link from a list, as text and as an object', async () => {
    const ways = [
      { __rl: true, mode: 'list', value: `account/${customer.id}` },
      `account/${customer.id}`,
      customer,
    ];
    for (const way of ways) {
      const [item] = await run({ ...newCase('Linked'), customer: way });
      expect(item!.json.customer).to.include({ table: 'account', id: customer.id });
    }
  });

  it('reads a time without a zone on the clock of the workflow', async () => {
    const [item] = await run({
      ...newCase('Later'),
      additionalFields: { followUpBy: '2026-07-01T09:00:00' },
    });
    expect(item!.json.followUpBy).to.equal('2026-07-01T07:00:00Z');
  });

  it('takes what expressions come to: dates, and objects of another realm', async () => {
    const foreign = runInNewContext(`({ followUpBy: new Date(Date.UTC(2026, 6, 1, 7)) })`);
    const [item] = await run({ ...newCase('Foreign'), additionalFields: foreign });
    expect(item!.json.followUpBy).to.equal('2026-07-01T07:00:00Z');
  });

  it('writes the columns of a resource mapper, and leaves out those that were not filled in', async () => {
    const value = {
      title: 'Mapped',
      customerid: `account/${customer.id}`,
      prioritycode: 1,
      followupby: '2026-07-01T09:00:00',
      description: null,
    };
    const [item] = await run({
      operation: 'record.create',
      table: 'incident',
      values: { mappingMode: 'defineBelow', value },
    });
    const { output } = await bench.client.run('case.get', { id: item!.json.incidentid ?? item!.json.id! });
    expect(output).to.include({ title: 'Mapped', priority: 'high', followUpBy: '2026-07-01T07:00:00Z' });
  });

  it('attaches the file of an item, and puts a downloaded one beside the item', async () => {
    const bytes = new TextEncoder().encode('a picture');
    const files = { photo: { fileName: 'photo.png', mimeType: 'image/png', bytes } };
    const [note] = await run(
      { operation: 'note.attach', regarding: customer, binaryPropertyName: 'photo' },
      { files },
    );
    const [got] = await run({ operation: 'note.download', id: note!.json.id!, binaryPropertyName: 'back' });
    expect(got!.json)
      .to.include({ fileName: 'photo.png', size: bytes.length })
      .and.not.have.property('content');
    expect({ ...got!.binary!.back }).to.deep.equal({ ...files.photo, bytes: Buffer.from(bytes) });
  });

  it('fails with an error of n8n that says what is wrong, what to do next, the code and the item', async () => {
    const invalid = await failure(run({ operation: 'case.get', id: 'no id' }));
    expect(invalid).to.be.instanceOf(FakeOperationError);
    expect(invalid).to.include({ itemIndex: 0 });
    expect(invalid.description).to.match(/\/id must be an id.*\(INPUT_INVALID\)$/);
    const missing = await failure(run({ operation: 'case.get', id: crypto.randomUUID() }));
    expect(missing).to.be.instanceOf(FakeApiError).and.include({ httpCode: '404' });
    expect(missing.description).to.match(/deleted.*\(NOT_FOUND\)$/);
  });

  it('lets an error of n8n itself through as it is, and as an item where the author wants that', async () => {
    const broken = new Error('This expression has no end');
    const parameters = {
      get operation(): string {
        throw broken;
      },
    };
    expect(await failure(run(parameters))).to.equal(broken);
    const [item] = await run(parameters, { continueOnFail: true });
    expect(item!.json).to.deep.equal({ error: { message: broken.message } });
  });

  it('says where the JSON of a field is not JSON', async () => {
    const error = await failure(
      run({ operation: 'record.get', table: 'incident', additionalFields: { key: '{ "a": ' } }),
    );
    expect(error.message).to.equal('/key: must be JSON');
  });

  describe('with options of the call', () => {
    afterEach(() => {
      bench.sandbox.organization.plugIns.length = 0;
    });
    const read = async (id: unknown) => (await bench.client.run('case.get', { id: id as string })).output;

    it('creates in the name of the user who was picked', async () => {
      const { objectId } = bench.sandbox.users[1]!;
      const asUser = { __rl: true, mode: 'list', value: objectId };
      const [item] = await run({ ...newCase('Theirs'), options: { asUser } });
      const id = bench.sandbox.organization.findSystemUserId(bench.sandbox.users[1]!);
      expect(item!.json.owner).to.include({ id });
    });

    it('leaves a row alone that changed since its version was read', async () => {
      const [{ json }] = (await run(newCase('Versioned'))) as [{ json: JsonObject }];
      const change = (title: string) =>
        run({
          operation: 'case.update',
          id: json.id!,
          additionalFields: { title },
          options: { ifVersion: json.version! },
        });
      await change('First');
      expect((await failure(change('Second'))).description).to.match(/\(CONFLICT\)$/);
      expect(await read(json.id)).to.include({ title: 'First' });
    });

    it('passes over custom logic of the kinds that were chosen, or that an expression names', async () => {
      const { plugIns } = bench.sandbox.organization;
      plugIns.push({
        ...{ message: 'Create', table: 'incident', mode: 'sync' },
        run: () => ({ description: 'By a plug-in' }),
      });
      for (const bypassLogic of [['sync'], 'sync, async']) {
        const [item] = await run({ ...newCase('Quiet'), options: { bypassLogic } });
        expect(item!.json.description ?? null).to.equal(null);
      }
      const [item] = await run({ ...newCase('Loud'), options: { bypassFlows: true } });
      expect(item!.json.description).to.equal('By a plug-in');
    });

    it('refuses a user that an expression did not find, instead of acting in its own name', async () => {
      const intercept = () => expect.fail('a request went out');
      const picked = { __rl: true, mode: 'id', value: '' };
      for (const asUser of [undefined, null, '', picked, 'nobody', 5] as never[]) {
        const context = fakeExecuteFunctions(
          { ...n8n, intercept },
          { ...newCase('Whose?'), options: { asUser } },
        );
        const { description } = await failure(runActions(n8nContext, context));
        expect(description).to.match(/\(INPUT_INVALID\)$/);
      }
    });

    it('refuses an option that does not exist, and names the one that was meant', async () => {
      const error = await failure(run({ ...newCase('Typo'), options: { asuser: 'x' } }));
      expect(error.message).to.equal('There is no call option "asuser".');
      expect(error.description).to.match(/Did you mean "asUser"\?.*\(INPUT_INVALID\)$/s);
    });
  });

  it('waits as long as a 429 says and goes on', async () => {
    const waits: number[] = [];
    const watched = createFakeContext(bench.connector.definition, {
      ...fakeHelpers,
      sleep(ms, signal) {
        waits.push(ms);
        return fakeHelpers.sleep(ms, signal);
      },
    });
    const busy: N8nHttpResponse = {
      statusCode: 429,
      headers: { 'Retry-After': '1' },
      body: new Uint8Array(),
    };
    const answers: (N8nHttpResponse | undefined)[] = [busy];
    const intercept = () => answers.shift();
    const [items] = await runActions(
      watched,
      fakeExecuteFunctions({ ...n8n, intercept }, { operation: 'case.count' }),
    );
    expect(items![0]!.json).to.have.property('count');
    expect(waits.some((ms) => ms >= 900 && ms < 5000)).to.equal(true);
  });

  it('asks to connect the credential again when n8n has no token that is taken', async () => {
    const error = await failure(
      runActions(
        n8nContext,
        fakeExecuteFunctions({ ...n8n, token: () => 'stale' }, { operation: 'case.count' }),
      ),
    );
    expect(error.description).to.match(/connect it again.*\(RECONNECT_NEEDED\)$/);
  });

  it('explains what the sign-in authority said', async () => {
    const intercept = () => {
      const body = { error: 'invalid_client', error_description: 'AADSTS7000222: expired' };
      throw Object.assign(new Error('n8n'), { cause: Object.assign(new Error('auth'), { body }) });
    };
    const error = await failure(
      runActions(n8nContext, fakeExecuteFunctions({ ...n8n, intercept }, { operation: 'case.count' })),
    );
    expect(error.description).to.match(/\(SECRET_EXPIRED\)$/);
  });

  it('never sends a header of its own making in place of the token that n8n brings', async () => {
    const sent: (string | undefined)[] = [];
    const intercept = (request: { headers: Readonly<Record<string, string>> }) => {
      sent.push(request.headers.authorization);
      return undefined;
    };
    await runActions(n8nContext, fakeExecuteFunctions({ ...n8n, intercept }, { operation: 'case.count' }));
    expect(sent).to.deep.equal([undefined]);
  });

  it('refuses an environment that is no organization before anything is sent', async () => {
    const intercept = () => expect.fail('a request went out');
    const elsewhere = { ...n8n, environmentUrl: 'https://evil.example', intercept };
    const error = await failure(
      runActions(n8nContext, fakeExecuteFunctions(elsewhere, { operation: 'case.count' })),
    );
    expect(error.description).to.match(/\(CONNECTION_INVALID\)$/);
  });
});
