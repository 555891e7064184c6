import type { Client } from '@modelcontextprotocol/client';
import type { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { serveMcpHttp } from '../src/index.ts';
import { callTool, callToolOutput, startHttpServer } from './fixture.ts';

describe('the MCP server', function () {
  this.timeout(60_000);
  let bench: SandboxClient;
  let customer: JsonObject;
  const closing: (() => Promise<void>)[] = [];
  const all = { writes: true, deletes: true, bulk: true };

  before(async () => {
    bench = await openSandboxClient();
    const { output } = await bench.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  after(() => bench.close());

  const open = async (
    ...options: Parameters<typeof startHttpServer> extends [unknown, (infer O)?] ? [O?] : never
  ) => {
    const http = await startHttpServer(bench, options[0]);
    closing.push(() => http.server.close());
    return http;
  };
  const createCase = async (title: string): Promise<string> => {
    const { output } = await bench.client.run('case.create', { title, customer });
    return (output as { id: string }).id;
  };
  const stateOf = async (id: string) =>
    ((await bench.client.run('case.get', { id })).output as JsonObject).state;

  /** What a help desk does all day. */
  const workOn = async (client: Client | OldClient, title: string) => {
    const { id } = await callToolOutput<{ id: string }>(client, 'case_create', { title, customer });
    const found = await callToolOutput<JsonObject[]>(client, 'case_search', { text: title });
    expect(found.map((row) => row.id)).to.deep.equal([id]);
    await callToolOutput(client, 'case_resolve', { id, subject: 'Repaired' });
    expect(await stateOf(id)).to.equal('resolved');
  };

  it('lets a client open, find and resolve a case over HTTP', async () => {
    const { connect } = await open({ permissions: { writes: true } });
    await workOn(await connect(), 'A kettle over HTTP');
  });

  it('serves clients of the old generation as well', async () => {
    const { connectOld } = await open({ permissions: { writes: true } });
    await workOn(await connectOld(), 'A kettle of the old kind');
  });

  it('says in the list of tools what each does to the organization', async () => {
    const { connect } = await open({ tools: ['case.*'], permissions: all });
    const { tools } = await (await connect()).listTools();
    const { actions } = bench.connector.definition;
    const own = Object.values(actions).filter(({ id }) => id.startsWith('case.'));
    expect(tools).to.have.length(own.length + 2);
    for (const action of own) {
      const tool = tools.find(({ name }) => name === action.id.replace('.', '_'))!;
      expect(tool.inputSchema, action.id).to.deep.equal(action.input);
      expect((tool.outputSchema as JsonObject).properties, action.id).to.have.deep.property(
        'output',
        action.outputSchema,
      );
      expect(tool.annotations!.readOnlyHint, action.id).to.equal(action.effects.readOnly);
      if (action.effects.readOnly) continue;
      expect(tool.annotations!.destructiveHint, action.id).to.equal(action.effects.destructive);
      expect(tool.annotations!.idempotentHint, action.id).to.equal(action.effects.idempotent);
    }
  });

  it('has a list of everyday tools below 10 KB, whatever is allowed', async () => {
    const { connect } = await open({ permissions: all });
    const { tools } = await (await connect()).listTools();
    expect(tools.map(({ name }) => name)).to.include.members(['case_resolve', 'find_actions', 'run_action']);
    expect(JSON.stringify(tools).length).to.be.below(10_000);
  });

  it('only reads unless told otherwise', async () => {
    const { connect } = await open();
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).to.deep.equal([]);
    const { isError, text } = await callTool(client, 'run_action', {
      action: 'case.create',
      input: { title: 'Not made', customer },
    });
    expect(isError).to.equal(true);
    expect(text).to.match(/^ACTION_NOT_ALLOWED.*\nNext: .*--allow-writes/);
    const deleting = await callTool(client, 'run_action', { action: 'case.delete', input: {} });
    expect(deleting.text).to.include('--allow-deletes');
  });

  it('calls run_action read-only only where it can do nothing else', async () => {
    for (const allowed of ['writes', 'deletes', 'bulk']) {
      const { connect } = await open({ permissions: { [allowed]: true } });
      const { tools } = await (await connect()).listTools();
      const { annotations } = tools.find(({ name }) => name === 'run_action')!;
      expect(annotations, allowed).to.include({
        readOnlyHint: false,
        destructiveHint: allowed === 'deletes',
      });
    }
  });

  describe('asked to delete', () => {
    const input = (id: string) => ({ action: 'case.delete', input: { id } });

    it('takes a link that is to be deleted alike, whichever action deletes it', async () => {
      const { connect } = await open({ permissions: { writes: true } });
      const client = await connect();
      for (const action of ['contact.disassociate', 'record.disassociate']) {
        const { text } = await callTool(client, 'run_action', { action, input: {} });
        expect(text, action).to.match(/^ACTION_NOT_ALLOWED.*\nNext: .*--allow-deletes/);
      }
    });

    it('refuses where the client cannot ask its user', async () => {
      const { connect, connectOld } = await open({ permissions: all });
      const id = await createCase('To stay');
      for (const client of [await connect(), await connectOld()]) {
        const { isError, structured } = await callTool(client, 'run_action', input(id));
        expect(isError).to.equal(true);
        expect(structured.error).to.include({ code: 'ACTION_NOT_ALLOWED' });
      }
      expect(await stateOf(id)).to.equal('active');
    });

    it('refuses when the user says no, or nothing clear', async () => {
      const id = await createCase('To stay, too');
      const answers = [
        { action: 'decline' } as const,
        { action: 'accept', content: { confirm: false } } as const,
      ];
      const { connect } = await open({ permissions: all });
      for (const answer of answers) {
        const { structured } = await callTool(await connect(() => answer), 'run_action', input(id));
        expect(structured.error).to.include({ code: 'ACTION_NOT_ALLOWED' });
      }
      expect(await stateOf(id)).to.equal('active');
    });

    it('deletes once the user has said yes to this very row', async () => {
      const id = await createCase('To go');
      const asked: string[] = [];
      const { connect } = await open({ permissions: all });
      const client = await connect((message) => {
        asked.push(message);
        return { action: 'accept', content: { confirm: true } };
      });
      expect(await callToolOutput(client, 'run_action', input(id))).to.equal(null);
      expect(asked).to.have.length(1);
      expect(asked[0]).to.include(id).and.to.include(bench.sandbox.organization.origin);
      const gone = await callTool(client, 'case_get', { id });
      expect(gone.structured.error).to.include({ code: 'NOT_FOUND' });
    });

    it('does not ask about an input that cannot be run', async () => {
      const { connect } = await open({ permissions: all });
      const client = await connect(() => expect.fail('it asked'));
      const { structured } = await callTool(client, 'run_action', input('no id'));
      expect(structured.error).to.include({ code: 'INPUT_INVALID' });
    });
  });

  describe('asked to write many rows', () => {
    const input = (tag: string) => ({
      action: 'contact.create-many',
      input: { rows: Array.from({ length: 300 }, (_, at) => ({ lastName: `${tag} ${at}` })) },
    });
    const count = async (search: string) => (await bench.client.run('contact.count', { search })).output;

    it('refuses without --allow-bulk, whatever else is allowed', async () => {
      const { connect } = await open({ permissions: { writes: true, deletes: true } });
      const client = await connect(() => expect.fail('it asked'));
      const { isError, text } = await callTool(client, 'run_action', input('Bulkless'));
      expect(isError).to.equal(true);
      expect(text).to.match(/^ACTION_NOT_ALLOWED.*\nNext: .*--allow-bulk/);
      expect(await count('Bulkless')).to.equal(0);
    });

    it('refuses where the client cannot ask its user, and when the user says no', async () => {
      const { connect } = await open({ permissions: all });
      for (const client of [await connect(), await connect(() => ({ action: 'decline' }))]) {
        const { structured } = await callTool(client, 'run_action', input('Unasked'));
        expect(structured.error).to.include({ code: 'ACTION_NOT_ALLOWED' });
      }
      expect(await count('Unasked')).to.equal(0);
    });

    it('writes once the user has said yes, to a question that can be read', async () => {
      const asked: string[] = [];
      const { connect } = await open({ permissions: { bulk: true } });
      const client = await connect((message) => {
        asked.push(message);
        return { action: 'accept', content: { confirm: true } };
      });
      expect(await callToolOutput(client, 'run_action', input('Agreed'))).to.deep.equal({
        written: 300,
        failed: [],
      });
      expect(await count('Agreed')).to.equal(300);
      expect(asked).to.have.length(1);
      expect(asked[0]!.length).to.be.below(5000);
    });

    it('needs deletes allowed as well where the actions together may delete', async () => {
      const { connect } = await open({ permissions: { writes: true, bulk: true } });
      const { text } = await callTool(await connect(), 'run_action', {
        action: 'changeset.run',
        input: { steps: [] },
      });
      expect(text).to.match(/^ACTION_NOT_ALLOWED.*\nNext: .*--allow-deletes/);
    });
  });

  it('says what is wrong with an input, and what to do next', async () => {
    const { connect } = await open({ permissions: all });
    const { isError, text, structured } = await callTool(await connect(), 'case_create', {
      priority: 'urgent',
    });
    expect(isError).to.equal(true);
    expect(text).to.match(/^INPUT_INVALID: /);
    expect(text).to.include('- /priority').and.to.include('\nNext: ');
    expect(structured.error).to.include({ code: 'INPUT_INVALID', category: 'input' });
  });

  it('suggests the action that was meant', async () => {
    const { connect } = await open();
    const { text } = await callTool(await connect(), 'run_action', { action: 'case.lst' });
    expect(text).to.match(/OPERATION_UNKNOWN: .*case\.list/);
  });

  it('finds any action by words, with its input and whether it may run', async () => {
    const { connect } = await open();
    const { structured } = await callTool(await connect(), 'find_actions', { query: 'create a lead' });
    const [first] = structured.actions as JsonObject[];
    expect(first).to.include({ id: 'lead.create', allowed: false });
    expect(first!.input).to.deep.equal(bench.connector.definition.actions['lead.create']!.input);
  });

  it('finds actions by a sentence: small words count little, names of inputs count too', async () => {
    const { connect } = await open();
    const client = await connect();
    const found = async (query: string) =>
      ((await callTool(client, 'find_actions', { query })).structured.actions as JsonObject[]).map(
        ({ id }) => id,
      );
    expect((await found('how do I escalate something')).slice(0, 3)).to.include('case.update');
    expect((await found('how can I give a case to another person'))[0]).to.match(/^case\./);
    expect((await found('merge two of the accounts into one'))[0]).to.equal('account.merge');
    expect(await found('is it so')).to.deep.equal([]);
  });

  it('reads the tables of the organization as resources', async () => {
    const { connect } = await open();
    const client = await connect();
    const read = async (uri: string) => {
      const { contents } = await client.readResource({ uri });
      return JSON.parse((contents[0] as { text: string }).text);
    };
    const names = (await read('dataverse://tables')) as { name: string }[];
    expect(names.map(({ name }) => name)).to.include('incident');
    const table = await read('dataverse://tables/incident');
    expect(table.columns.map(({ name }: { name: string }) => name)).to.include('ticketnumber');
    const failure = await client.readResource({ uri: 'dataverse://tables/nothing' }).catch((error) => error);
    expect(failure).to.be.instanceOf(Error);
  });

  it('tells how far a long list has come', async () => {
    const { connect } = await open({ tools: ['user.list'] });
    const client = await connect();
    const seen: number[] = [];
    await client.callTool(
      { name: 'user_list', arguments: {} },
      { onprogress: ({ progress }) => void seen.push(progress) },
    );
    expect(seen.length).to.be.at.least(1);
  });

  describe('over HTTP', () => {
    const send = (url: string, headers: Readonly<Record<string, string>>) =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });

    it('serves nobody without the token', async () => {
      const { server } = await open();
      expect((await send(server.url, {})).status).to.equal(401);
      expect((await send(server.url, { authorization: 'Bearer wrong' })).status).to.equal(401);
    });

    it('says that its port is taken', async () => {
      const { server } = await open();
      const port = Number(new URL(server.url).port);
      const error = await serveMcpHttp(bench, { port }).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: 'SETTING_INVALID' });
      expect((error as Error).message).to.include(String(port));
    });

    it('serves no page of a browser', async () => {
      const { server } = await open();
      const authorization = `Bearer ${server.token}`;
      const answer = await send(server.url, { authorization, origin: 'https://evil.example' });
      expect(answer.status).to.equal(403);
    });
  });
});
