import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { JsonObject } from 'dynamics365-connector';
import { runtimeOf } from 'dynamics365-connector/host';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import {
  createConnectionNode,
  deploy,
  type NodeRedProcess,
  prepareUserFolder,
  readLines,
  startNodeRed,
} from './node-red-process.ts';

describe('Node-RED nodes', () => {
  let fixture: SandboxClient;
  let folder: string;
  let red: NodeRedProcess;
  let customer: JsonObject;

  before(async () => {
    fixture = await openSandboxClient();
    folder = mkdtempSync(join(tmpdir(), 'd365-node-red-'));
    prepareUserFolder(folder, fixture.sandbox);
    red = await startNodeRed(folder);
    await deploy(red, flows());
    const { output } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
  });
  after(async () => {
    await red.stop();
    await fixture.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const log = () => join(folder, 'events.log');
  const caught = () => join(folder, 'errors.log');
  const file = (id: string, filename: string) => ({
    id,
    z: 'tab',
    type: 'file',
    filename,
    filenameType: 'str',
    appendNewline: true,
    overwriteFile: 'false',
    wires: [[]],
  });

  /** One flow sets each new case on hold and logs the id of its event; another one fails and is caught. */
  const flows = (): JsonObject[] => [
    { id: 'tab', type: 'tab', label: 'Cases' },
    createConnectionNode(fixture.sandbox),
    {
      id: 'trigger',
      z: 'tab',
      type: 'dynamics365-trigger',
      connection: 'connection',
      trigger: 'case.created',
      values: {},
      everySeconds: '0.2',
      from: 'beginning',
      wires: [['event']],
    },
    {
      id: 'event',
      z: 'tab',
      type: 'change',
      rules: [{ t: 'set', p: 'event', pt: 'msg', to: 'dynamics365.id', tot: 'msg' }],
      wires: [['action']],
    },
    {
      id: 'action',
      z: 'tab',
      type: 'dynamics365-action',
      connection: 'connection',
      action: 'case.update',
      usePayload: false,
      values: {
        id: { type: 'msg', value: 'payload.id' },
        status: { type: 'choice', value: 'on-hold' },
        escalated: { type: 'bool', value: 'true' },
      },
      wires: [['line']],
    },
    {
      id: 'line',
      z: 'tab',
      type: 'change',
      rules: [{ t: 'set', p: 'payload', pt: 'msg', to: "payload.id & ' ' & event", tot: 'jsonata' }],
      wires: [['log']],
    },
    file('log', log()),
    { id: 'go', z: 'tab', type: 'http in', url: '/go', method: 'get', wires: [['wrong']] },
    {
      id: 'wrong',
      z: 'tab',
      type: 'dynamics365-action',
      connection: 'connection',
      action: 'case.get',
      usePayload: true,
      values: { id: { type: 'str', value: 'no id' } },
      wires: [['response']],
    },
    { id: 'catch', z: 'tab', type: 'catch', scope: ['wrong'], wires: [['code']] },
    {
      id: 'code',
      z: 'tab',
      type: 'change',
      rules: [{ t: 'set', p: 'payload', pt: 'msg', to: 'dynamics365.error', tot: 'msg' }],
      wires: [['response', 'errors']],
    },
    { id: 'response', z: 'tab', type: 'http response', wires: [] },
    file('errors', caught()),
    ...exampleFlow('Create a case from an HTTP request.json'),
  ];

  /** The nodes of an example with the connection of this test. */
  const exampleFlow = (name: string): JsonObject[] => {
    const nodes = JSON.parse(
      readFileSync(join(import.meta.dirname, '../examples', name), 'utf8'),
    ) as JsonObject[];
    return nodes
      .filter(({ type }) => type !== 'dynamics365-connection')
      .map((node) => ('connection' in node ? { ...node, connection: 'connection' } : node));
  };

  const createCases = async (count: number): Promise<readonly string[]> => {
    const rows = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        fixture.client.run('case.create', { title: `Case ${index}`, customer }),
      ),
    );
    return rows.map(({ output }) => String((output as JsonObject).id));
  };

  /** Event ids by case id, in the order of their delivery. */
  const events = () => {
    const found = new Map<string, string[]>();
    for (const line of readLines(log())) {
      const [id = '', event = ''] = line.split(' ');
      found.set(id, [...(found.get(id) ?? []), event]);
    }
    return found;
  };
  const untilHandled = async (ids: readonly string[]) => {
    for (let round = 0; round < 200; round++) {
      if (ids.every((id) => events().has(id))) return;
      await sleep(50);
    }
    expect(ids.filter((id) => !events().has(id))).to.deep.equal([]);
  };

  it('load without errors, with the secret stored encrypted', async () => {
    const nodes = (await (
      await fetch(`${red.url}nodes`, { headers: { accept: 'application/json' } })
    ).json()) as readonly {
      readonly module: string;
      readonly types: readonly string[];
      readonly err?: string;
    }[];
    const nodeSet = nodes.find(({ module }) => module === 'node-red-contrib-dynamics365')!;
    expect(nodeSet.err).to.equal(undefined);
    expect(nodeSet.types).to.deep.equal([
      'dynamics365-connection',
      'dynamics365-action',
      'dynamics365-trigger',
    ]);
    const stored =
      readFileSync(join(folder, 'flows.json'), 'utf8') +
      readFileSync(join(folder, 'flows_cred.json'), 'utf8');
    expect(stored).not.to.include(fixture.sandbox.app.clientSecret!);
  });

  it('suggest the options of a field: tables, columns that a trigger can watch, choices and rows', async () => {
    const connection = `${red.url}dynamics365/connections/${createConnectionNode(fixture.sandbox).id}`;
    const post = async (body: JsonObject, path = `${connection}/pick-list`) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as JsonObject };
    };
    const options = async (body: JsonObject) => (await post(body)).body as unknown as readonly JsonObject[];
    const tables = await options({ operation: 'record.updated', field: 'table', text: 'incid' });
    expect(tables).to.deep.include({ value: 'incident', label: 'Case', detail: 'incident' });
    const watched = { operation: 'record.updated', field: 'columns', values: { table: 'email' } };
    const names = async (text: string) => (await options({ ...watched, text })).map(({ value }) => value);
    expect(await names('subject')).to.include('subject');
    expect(await names('to recipients')).to.not.include('to');
    const choices = await options({ operation: 'case.create', field: 'priority' });
    expect(choices).to.deep.include({ value: 'high', label: 'High' });
    const { id } = customer as { id: string };
    const [row] = await options({ operation: 'case.create', field: 'customer', text: 'Fabrikam' });
    expect(row).to.include({ value: `account/${id}`, detail: 'Account' });
    expect((await post({ operation: 'case.create', field: 'title' })).body).to.include({
      code: 'OPERATION_UNKNOWN',
    });
    const unknown = await post({}, `${red.url}dynamics365/connections/nothing/pick-list`);
    expect(unknown.status).to.equal(400);
    const tested = await post({}, `${connection}/test`);
    expect(String(tested.body.text)).to.match(/^Connected to http.* as /);
  });

  it('serve the forms of the editor, with words to find an operation by and its required fields', async () => {
    const read = async (path: string) => await (await fetch(`${red.url}dynamics365/${path}`)).json();
    const { actions, triggers } = runtimeOf(fixture.connector).definition;
    const all = (await read('operations')) as { actions: JsonObject[]; triggers: JsonObject[] };
    expect(all.actions.map(({ id }) => id)).to.have.members(Object.keys(actions));
    expect(all.triggers.map(({ id }) => id)).to.have.members(Object.keys(triggers));
    const resolve = all.actions.find(({ id }) => id === 'case.resolve')!;
    expect(resolve.keywords).to.include.members(['ticket', 'close']);
    expect(resolve.required).to.deep.include({ name: 'subject', title: 'Resolution' });
    const form = (await read('operations/case.create')) as { fields: JsonObject[] };
    expect(form.fields.map(({ name }) => name)).to.have.members(
      Object.keys(actions['case.create']!.input.properties as object),
    );
    expect((await fetch(`${red.url}dynamics365/operations/constructor`)).status).to.equal(404);
  });

  it('serve the texts and the help of the editor, in English for languages without a translation', async () => {
    const catalog = await fetch(`${red.url}locales/node-red-contrib-dynamics365/dynamics365?lng=en-US`);
    expect(await catalog.json()).to.have.nested.property('connection.test', 'Test the connection');
    for (const language of ['en-US', 'de']) {
      const headers = { accept: 'text/html', 'accept-language': language };
      const page = await (await fetch(`${red.url}nodes`, { headers })).text();
      expect(page).to.match(/data-help-name="dynamics365-action"[\s\S]*Catch nodes receive errors/);
    }
  });

  it('run a flow from a trigger to an action', async () => {
    const ids = await createCases(3);
    await untilHandled(ids);
    for (const id of ids) {
      const { output } = await fixture.client.run('case.get', { id });
      expect(output).to.include({ status: 'on-hold', escalated: true });
    }
  });

  it('send errors with code and advice to Catch nodes', async () => {
    const error = (await (await fetch(`${red.url}go`)).json()) as JsonObject;
    expect(error).to.include({ code: 'INPUT_INVALID', category: 'input', operation: 'case.get' });
    expect(error.advice).to.be.a('string');
  });

  it('run the example that creates a case from an HTTP request, once for each order', async () => {
    const post = async (body: JsonObject) => {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${red.url}cases`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as JsonObject };
    };
    const order = { subject: 'Broken seal', accountId: (customer as { id: string }).id, orderId: '4711' };
    const first = await post(order);
    expect(first.status).to.equal(200);
    expect(first.body).to.include({ title: 'Broken seal', priority: 'high' });
    expect((await post(order)).body).to.include({ id: first.body.id });
    const invalid = await post({ ...order, accountId: 'no id', orderId: '4712' });
    expect(invalid.status).to.equal(400);
    expect(invalid.body).to.include({ code: 'INPUT_INVALID' });
  });

  it('lose and repeat no event over orderly restarts', async () => {
    const ids: string[] = [];
    for (let round = 0; round < 2; round++) {
      ids.push(...(await createCases(10)));
      await red.stop();
      ids.push(...(await createCases(2)));
      red = await startNodeRed(folder);
    }
    await untilHandled(ids);
    await red.stop();
    red = await startNodeRed(folder);
    expect([...events().values()].filter((eventIds) => eventIds.length !== 1)).to.deep.equal([]);
  });

  it('lose no event after a kill -9, and repeat events with the same id', async () => {
    const ids: string[] = [];
    for (let round = 0; round < 2; round++) {
      const known = events().size;
      ids.push(...(await createCases(15)));
      // Kill in the middle of a batch.
      while (events().size < known + 2) await sleep(5);
      await red.kill();
      red = await startNodeRed(folder);
    }
    await untilHandled(ids);
    for (const eventIds of events().values()) expect(new Set(eventIds).size).to.equal(1);
  });
});
