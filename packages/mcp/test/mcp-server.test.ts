import type { Client } from '@modelcontextprotocol/client';
import type { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { type McpServerConfig, serveMcpHttp } from '../src/index.ts';
import { callTool, callToolOutput, startHttpServer } from './fixture.ts';

describe('MCP server', function () {
  this.timeout(60_000);
  let fixture: SandboxClient;
  let customer: JsonObject;
  const closing: (() => Promise<void>)[] = [];
  const allPermissions = { writes: true, deletes: true, bulk: true };

  before(async () => {
    fixture = await openSandboxClient();
    const { output } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  after(() => fixture.close());

  const open = async (options?: Partial<McpServerConfig>) => {
    const http = await startHttpServer(fixture, options);
    closing.push(() => http.server.close());
    return http;
  };
  const createCase = async (title: string): Promise<string> => {
    const { output } = await fixture.client.run('case.create', { title, customer });
    return (output as { id: string }).id;
  };
  const stateOf = async (id: string) =>
    ((await fixture.client.run('case.get', { id })).output as JsonObject).state;

  const createFindAndResolve = async (client: Client | LegacyClient, title: string) => {
    const { id } = await callToolOutput<{ id: string }>(client, 'case_create', { title, customer });
    const found = await callToolOutput<JsonObject[]>(client, 'case_search', { text: title });
    expect(found.map((row) => row.id)).to.deep.equal([id]);
    await callToolOutput(client, 'case_resolve', { id, subject: 'Repaired' });
    expect(await stateOf(id)).to.equal('resolved');
  };

  it('creates, finds and resolves a case for a client over HTTP', async () => {
    const { connect } = await open({ permissions: { writes: true } });
    await createFindAndResolve(await connect(), 'Printer jam, SDK 2');
  });

  it('serves clients of the MCP SDK 1', async () => {
    const { connectLegacy } = await open({ permissions: { writes: true } });
    await createFindAndResolve(await connectLegacy(), 'Printer jam, SDK 1');
  });

  it('lists tools with the schemas and effects of their actions', async () => {
    const { connect } = await open({ tools: ['case.*'], permissions: allPermissions });
    const { tools } = await (await connect()).listTools();
    const { actions } = runtimeOf(fixture.connector).definition;
    const caseActions = Object.values(actions).filter(({ id }) => id.startsWith('case.'));
    expect(tools).to.have.length(caseActions.length + 2);
    for (const action of caseActions) {
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

  it('keeps the default tool list below 10 KB with all permissions', async () => {
    const { connect } = await open({ permissions: allPermissions });
    const { tools } = await (await connect()).listTools();
    expect(tools.map(({ name }) => name)).to.include.members(['case_resolve', 'find_actions', 'run_action']);
    expect(JSON.stringify(tools).length).to.be.below(10_000);
  });

  it('is read-only by default', async () => {
    const { connect } = await open();
    const client = await connect();
    const { tools } = await client.listTools();
    expect(tools.filter(({ annotations }) => annotations?.readOnlyHint !== true)).to.deep.equal([]);
    const { isError, text } = await callTool(client, 'run_action', {
      action: 'case.create',
      input: { title: 'Not allowed', customer },
    });
    expect(isError).to.equal(true);
    expect(text).to.match(/^ACTION_NOT_ALLOWED.*\nNext: .*--allow-writes/);
    const deleting = await callTool(client, 'run_action', { action: 'case.delete', input: {} });
    expect(deleting.text).to.include('--allow-deletes');
  });

  it('annotates run_action as read-only only on a read-only server', async () => {
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

  describe('on a delete', () => {
    const input = (id: string) => ({ action: 'case.delete', input: { id } });

    it('requires --allow-deletes to remove a link between two rows, with every action that does', async () => {
      const { connect } = await open({ permissions: { writes: true } });
      const client = await connect();
      for (const action of ['contact.disassociate', 'record.disassociate']) {
        const { text } = await callTool(client, 'run_action', { action, input: {} });
        expect(text, action).to.match(/^ACTION_NOT_ALLOWED.*\nNext: .*--allow-deletes/);
      }
    });

    it('rejects the call when the client does not support elicitation', async () => {
      const { connect, connectLegacy } = await open({ permissions: allPermissions });
      const id = await createCase('Kept');
      for (const client of [await connect(), await connectLegacy()]) {
        const { isError, structured } = await callTool(client, 'run_action', input(id));
        expect(isError).to.equal(true);
        expect(structured.error).to.include({ code: 'ACTION_NOT_ALLOWED' });
      }
      expect(await stateOf(id)).to.equal('active');
    });

    it('rejects the call when the user declines or does not confirm', async () => {
      const id = await createCase('Kept too');
      const responses = [
        { action: 'decline' } as const,
        { action: 'accept', content: { confirm: false } } as const,
      ];
      const { connect } = await open({ permissions: allPermissions });
      for (const response of responses) {
        const { structured } = await callTool(await connect(() => response), 'run_action', input(id));
        expect(structured.error).to.include({ code: 'ACTION_NOT_ALLOWED' });
      }
      expect(await stateOf(id)).to.equal('active');
    });

    it('deletes the row after the user has confirmed the call', async () => {
      const id = await createCase('Deleted');
      const questions: string[] = [];
      const { connect } = await open({ permissions: allPermissions });
      const client = await connect((message) => {
        questions.push(message);
        return { action: 'accept', content: { confirm: true } };
      });
      expect(await callToolOutput(client, 'run_action', input(id))).to.equal(null);
      expect(questions).to.have.length(1);
      expect(questions[0]).to.include(id).and.to.include(fixture.sandbox.organization.origin);
      const afterwards = await callTool(client, 'case_get', { id });
      expect(afterwards.structured.error).to.include({ code: 'NOT_FOUND' });
    });

    it('reports an invalid input without asking the user', async () => {
      const { connect } = await open({ permissions: allPermissions });
      const client = await connect(() => expect.fail('the user was asked'));
      const { structured } = await callTool(client, 'run_action', input('no id'));
      expect(structured.error).to.include({ code: 'INPUT_INVALID' });
    });
  });

  describe('on a bulk write', () => {
    const input = (tag: string) => ({
      action: 'contact.create-many',
      input: { rows: Array.from({ length: 300 }, (_, at) => ({ lastName: `${tag} ${at}` })) },
    });
    const count = async (search: string) => (await fixture.client.run('contact.count', { search })).output;

    it('rejects the call without --allow-bulk, with all other permissions', async () => {
      const { connect } = await open({ permissions: { writes: true, deletes: true } });
      const client = await connect(() => expect.fail('the user was asked'));
      const { isError, text } = await callTool(client, 'run_action', input('Not allowed'));
      expect(isError).to.equal(true);
      expect(text).to.match(/^ACTION_NOT_ALLOWED.*\nNext: .*--allow-bulk/);
      expect(await count('Not allowed')).to.equal(0);
    });

    it('rejects the call when the client does not support elicitation or the user declines', async () => {
      const { connect } = await open({ permissions: allPermissions });
      for (const client of [await connect(), await connect(() => ({ action: 'decline' }))]) {
        const { structured } = await callTool(client, 'run_action', input('Declined'));
        expect(structured.error).to.include({ code: 'ACTION_NOT_ALLOWED' });
      }
      expect(await count('Declined')).to.equal(0);
    });

    it('writes after the user has confirmed a question of limited length', async () => {
      const questions: string[] = [];
      const { connect } = await open({ permissions: { bulk: true } });
      const client = await connect((message) => {
        questions.push(message);
        return { action: 'accept', content: { confirm: true } };
      });
      expect(await callToolOutput(client, 'run_action', input('Confirmed'))).to.deep.equal({
        written: 300,
        failed: [],
      });
      expect(await count('Confirmed')).to.equal(300);
      expect(questions).to.have.length(1);
      expect(questions[0]!.length).to.be.below(5000);
    });

    it('requires --allow-deletes for a change set, which may delete rows', async () => {
      const { connect } = await open({ permissions: { writes: true, bulk: true } });
      const { text } = await callTool(await connect(), 'run_action', {
        action: 'changeset.run',
        input: { steps: [] },
      });
      expect(text).to.match(/^ACTION_NOT_ALLOWED.*\nNext: .*--allow-deletes/);
    });
  });

  it('reports every issue of an input with the next step', async () => {
    const { connect } = await open({ permissions: allPermissions });
    const { isError, text, structured } = await callTool(await connect(), 'case_create', {
      priority: 'urgent',
    });
    expect(isError).to.equal(true);
    expect(text).to.match(/^INPUT_INVALID: /);
    expect(text).to.include('- /priority').and.to.include('\nNext: ');
    expect(structured.error).to.include({ code: 'INPUT_INVALID', category: 'input' });
  });

  it('suggests the nearest action for an unknown id', async () => {
    const { connect } = await open();
    const { text } = await callTool(await connect(), 'run_action', { action: 'case.lst' });
    expect(text).to.match(/OPERATION_UNKNOWN: .*case\.list/);
  });

  it('find_actions returns matching actions with their input schema and permission', async () => {
    const { connect } = await open();
    const { structured } = await callTool(await connect(), 'find_actions', { query: 'create a lead' });
    const [first] = structured.actions as JsonObject[];
    expect(first).to.include({ id: 'lead.create', allowed: false });
    expect(first!.input).to.deep.equal(runtimeOf(fixture.connector).definition.actions['lead.create']!.input);
  });

  it('find_actions ignores stop words and matches names of inputs', async () => {
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

  it('serves the tables of the organization as resources', async () => {
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

  it('sends progress notifications while it reads a list', async () => {
    const { connect } = await open({ tools: ['user.list'] });
    const client = await connect();
    const progressValues: number[] = [];
    await client.callTool(
      { name: 'user_list', arguments: {} },
      { onprogress: ({ progress }) => void progressValues.push(progress) },
    );
    expect(progressValues.length).to.be.at.least(1);
  });

  describe('over HTTP', () => {
    const send = (url: string, headers: Readonly<Record<string, string>>) =>
      fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{}' });

    it('answers 401 without the token', async () => {
      const { server } = await open();
      expect((await send(server.url, {})).status).to.equal(401);
      expect((await send(server.url, { authorization: 'Bearer wrong' })).status).to.equal(401);
    });

    it('throws SETTING_INVALID when the port is in use', async () => {
      const { server } = await open();
      const port = Number(new URL(server.url).port);
      const error = await serveMcpHttp(fixture, { port }).catch((thrown: unknown) => thrown);
      expect(error).to.include({ code: 'SETTING_INVALID' });
      expect((error as Error).message).to.include(String(port));
    });

    it('answers 403 to a request with the origin of a web page', async () => {
      const { server } = await open();
      const authorization = `Bearer ${server.token}`;
      const response = await send(server.url, { authorization, origin: 'https://evil.example' });
      expect(response.status).to.equal(403);
    });
  });
});
