import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/client';
import type { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { type McpServerConfig, serveMcpHttp } from '../src/index.ts';
import { callTool, callToolOutput, served, startHttpServer } from './fixture.ts';

describe('MCP server', () => {
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
    expect(tools).to.have.length(caseActions.length + 3);
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

  it('keeps the default tool list within 6 KB with all permissions', async () => {
    const { connect } = await open({ permissions: allPermissions });
    const { tools } = await (await connect()).listTools();
    expect(tools.map(({ name }) => name)).to.include.members(['case_resolve', 'find_actions', 'run_action']);
    expect(JSON.stringify(tools).length).to.be.at.most(6_000);
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
    expect(deleting.text).to.not.include('repair its connection');
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

  describe('on a message to people', () => {
    const reply = async (client: Client, id: string) =>
      callTool(client, 'case_reply-by-email', { id, body: '<p>Hello</p>' });

    it('asks the user, who sees the customer and the whole text', async () => {
      const { connect } = await open({ permissions: { writes: true } });
      const id = await createCase('Answered');
      const questions: string[] = [];
      const client = await connect((message) => {
        questions.push(message);
        return { action: 'decline' };
      });
      expect((await reply(client, id)).structured.error).to.include({ code: 'ACTION_NOT_ALLOWED' });
      expect(questions[0]).to.include('SENDS: 1').and.to.include('Fabrikam').and.to.include('<p>Hello</p>');
      const { output } = await fixture.client.run('email.list', { regardingId: id });
      expect(output).to.deep.equal([]);
    });

    it('does not ask with the permission to send messages', async () => {
      const { connect } = await open({ permissions: { writes: true, messages: true } });
      const id = await createCase('Answered at once');
      const { isError, text } = await reply(await connect(), id);
      expect(text).not.to.include('must confirm');
      // The customer of this test has no e-mail address that the sandbox could send to.
      if (isError) expect(text).to.match(/^(?!ACTION_NOT_ALLOWED)/);
    });
  });

  describe('on a change set', () => {
    const steps = (count: number) => [
      ...Array.from({ length: count }, (_, at) => ({
        action: 'account.update',
        input: { id: customer.id!, description: `Note ${at} ${'x'.repeat(200)}` },
      })),
      { action: 'account.delete', input: { id: customer.id! } },
    ];

    it('shows a deletion after many other steps first', async () => {
      const { connect } = await open({ permissions: allPermissions });
      const questions: string[] = [];
      const client = await connect((message) => {
        questions.push(message);
        return { action: 'decline' };
      });
      await callTool(client, 'run_action', { action: 'changeset.run', input: { steps: steps(60) } });
      expect(questions).to.have.length(1);
      expect(questions[0]!.split('\n')[1]).to.equal(
        '- DELETES OR OVERWRITES: 1 × Delete account (account.delete)',
      );
      expect(questions[0])
        .to.include('60 × Update account')
        .and.to.include(`account.delete: {"id":"${customer.id}"}`);
    });

    it('is not run when the user could not be shown all deletions', async () => {
      const { connect } = await open({ permissions: allPermissions });
      const client = await connect(() => expect.fail('the user was asked'));
      const ids = Array.from({ length: 200 }, () => crypto.randomUUID());
      const input = { table: 'account', ids };
      const { text } = await callTool(client, 'run_action', { action: 'record.delete-many', input });
      expect(text).to.match(/^ACTION_NOT_ALLOWED: .*200 × Delete many records.*\nNext: Split/s);
    });

    it('shows invisible characters as escapes', async () => {
      const { connect } = await open({ permissions: allPermissions });
      const questions: string[] = [];
      const client = await connect((message) => {
        questions.push(message);
        return { action: 'decline' };
      });
      const input = {
        steps: [{ action: 'account.update', input: { id: customer.id!, name: 'A\u202eB\u200b' } }],
      };
      await callTool(client, 'run_action', { action: 'changeset.run', input });
      expect(questions[0]).to.include('A\\u202eB\\u200b');
    });
  });

  it('a function and a GET request need no permission, because they only read', async () => {
    const { connect } = await open();
    const client = await connect();
    const called = await callTool(client, 'run_action', {
      action: 'operation.call',
      input: { name: 'WhoAmI', kind: 'function' },
    });
    expect(called.isError, called.text).to.equal(false);
    const input = { method: 'GET', path: '/WhoAmI' };
    expect((await callTool(client, 'run_action', { action: 'request.send', input })).isError).to.equal(false);
    const post = { method: 'POST', path: '/accounts', body: { name: 'x' } };
    const { text } = await callTool(client, 'run_action', { action: 'request.send', input: post });
    expect(text).to.match(/^ACTION_NOT_ALLOWED/);
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
      const bulkOnly = await (await open({ permissions: { bulk: true } })).connect();
      const alone = await callTool(bulkOnly, 'run_action', input('Not allowed'));
      expect(alone.text).to.match(/^ACTION_NOT_ALLOWED.*\nNext: .*--allow-writes/);
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
      const { connect } = await open({ permissions: { writes: true, bulk: true } });
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
      expect(questions[0]!.length).to.be.at.most(4000);
      expect(questions[0]).to.include('300 × Create many contacts');
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

  it('find_actions returns matching actions with their inputs and permission, within 4 KB', async () => {
    const { connect } = await open();
    const client = await connect();
    for (const query of ['create a lead', 'update', 'escalate', 'record', 'many rows of a table']) {
      const { text } = await callTool(client, 'find_actions', { query });
      expect(Buffer.byteLength(text), query).to.be.at.most(4_096);
    }
    const { structured } = await callTool(client, 'find_actions', { query: 'create a lead' });
    const [first] = structured.actions as JsonObject[];
    expect(first).to.include({ id: 'lead.create', allowed: false });
    expect(first!.input).to.include('lastName: text');
  });

  it('find_actions rejects arguments that it does not know, and says what to search for', async () => {
    const { connect } = await open();
    const client = await connect();
    const wrong: readonly JsonObject[] = [{}, { query: '' }, { query: 5 }, { querry: 'close ticket' }];
    for (const args of wrong) {
      const { isError, text } = await callTool(client, 'find_actions', args);
      expect(isError).to.equal(true);
      expect(text).to.match(/^INPUT_INVALID: find_actions .*query/s);
    }
    const { structured } = await callTool(client, 'find_actions', { query: 'is it so' });
    expect(structured.actions).to.deep.equal([]);
    expect(structured.advice).to.include('case').and.to.include('queue');
  });

  it('lists the few columns that matter, and those that the input names', async () => {
    const { connect } = await open({ permissions: { writes: true } });
    const client = await connect();
    await createCase('Brief');
    const [brief] = await callToolOutput<JsonObject[]>(client, 'case_list', { search: 'Brief' });
    expect(Object.keys(brief!)).to.deep.equal(['id', 'number', 'title', 'priority', 'status']);
    const columns = ['title', 'customer'];
    const [named] = await callToolOutput<JsonObject[]>(client, 'case_list', { search: 'Brief', columns });
    expect(named!.customer).to.deep.include(customer);
  });

  it('answers the new state of a row after an action that returns nothing', async () => {
    const { connect } = await open({ permissions: { writes: true } });
    const id = await createCase('Resolved by a tool');
    const { text } = await callTool(await connect(), 'case_resolve', { id, subject: 'Repaired' });
    expect(JSON.parse(text).changedRow).to.include({ id, state: 'resolved', status: 'problem-solved' });
  });

  it('a number in the place of an id is answered with how to find the id', async () => {
    const client = await (await open()).connect();
    const { text } = await callTool(client, 'case_get', { id: 'CAS-01060-U2Q8W6' });
    expect(text).to.match(
      /^INPUT_INVALID[\s\S]*must be an id[\s\S]*Next: .*by its number or name.*record\.search/,
    );
  });

  it('describe_table describes columns with our names and choices, and suggests the nearest table', async () => {
    const { connect } = await open();
    const client = await connect();
    const { text } = await callTool(client, 'describe_table', { table: 'case', search: 'priority' });
    expect(JSON.parse(text).columns).to.include('priority (prioritycode): choice 1 High|2 Normal|3 Low');
    const all = await callTool(client, 'describe_table', { table: 'incident' });
    expect(Buffer.byteLength(all.text)).to.be.at.most(4_096);
    expect((await callTool(client, 'describe_table', { table: 'acount' })).text).to.include('account');
    expect((await callTool(client, 'describe_table', { table: 'tickets' })).text).to.include(
      'Did you mean case?',
    );
    expect((await callTool(client, 'describe_table', { tabel: 'case' })).text).to.include('"table"');
    const found = await callTool(client, 'describe_table', { search: 'incident' });
    expect(JSON.parse(found.text).tables).to.include('incident');
  });

  it('advises what a model can do, without commands of a shell', async () => {
    const { connect } = await open();
    const client = await connect();
    const texts = [
      (await callTool(client, 'run_action', { action: 'case.close' })).text,
      (await callTool(client, 'case_list', { filter: 'prioritycod eq 1' })).text,
      (await callTool(client, 'record_summarize', { table: 'case', groupBy: ['priorty'] })).text,
    ];
    for (const text of texts)
      expect(text)
        .to.match(/\nNext: /)
        .and.not.match(/d365|`/);
    expect(texts[0]).to.include('find_actions');
  });

  it('offers prompts for the common jobs of service people', async () => {
    const { connect } = await open();
    const client = await connect();
    const { prompts } = await client.listPrompts();
    expect(prompts.map(({ name }) => name)).to.include.members(['triage_next_case', 'draft_reply']);
    const prompt = await client.getPrompt({ name: 'draft_reply', arguments: { case: 'CAS-1' } });
    expect(JSON.stringify(prompt.messages)).to.include('CAS-1');
  });

  it('uploads a file of the operator by its path only from the folder, and answers a download as a link', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'd365-files-'));
    await writeFile(join(folder, 'fuse.txt'), 'Change the fuse.');
    await symlink('/etc/hostname', join(folder, 'link.txt'));
    try {
      const regarding = { table: 'case', id: await createCase('With a file') };
      const { connect } = await open({ permissions: { writes: true }, files: folder });
      const client = await connect();
      const note = await callToolOutput(client, 'note_attach', { regarding, path: 'fuse.txt' });
      for (const path of ['link.txt', '../outside', '/etc/hostname', 'missing.txt'])
        expect((await callTool(client, 'note_attach', { regarding, path })).isError, path).to.equal(true);
      const call = { name: 'run_action', arguments: { action: 'note.download', input: { id: note.id! } } };
      const { content } = (await client.callTool(call)) as unknown as {
        readonly content: readonly JsonObject[];
      };
      expect(JSON.stringify(content)).not.to.include('Q2hhbmdl');
      expect(content[1]).to.include({ type: 'resource_link', name: 'fuse.txt' });
      const { contents } = await client.readResource({ uri: String(content[1]!.uri) });
      const { blob } = contents[0] as { readonly blob: string };
      expect(Buffer.from(blob, 'base64').toString()).to.equal('Change the fuse.');
      const none = await (await open({ permissions: { writes: true } })).connect();
      expect((await callTool(none, 'note_attach', { regarding, path: 'fuse.txt' })).text).to.include(
        '--files',
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('lists many tools page by page', async () => {
    const { connect } = await open({ tools: ['*'], permissions: allPermissions });
    const client = await connect();
    const names = new Set<string>();
    let pages = 0;
    for (let cursor: string | undefined; pages === 0 || cursor !== undefined; pages++) {
      const page = (await client.request({
        method: 'tools/list',
        params: { cursor },
      } as never)) as unknown as {
        readonly tools: readonly { readonly name: string }[];
        readonly nextCursor?: string;
      };
      expect(page.tools.length).to.be.at.most(50);
      for (const { name } of page.tools) names.add(name);
      cursor = page.nextCursor;
    }
    const { actions } = runtimeOf(fixture.connector).definition;
    expect(names.size).to.equal(Object.keys(actions).length + 3);
    expect(pages).to.equal(Math.ceil(names.size / 50));
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
      const error = await serveMcpHttp(served(fixture), { port }).catch((thrown: unknown) => thrown);
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
