import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createMockActionContext } from '@activepieces/pieces-framework';
import { expect } from 'chai';
import { createSandbox, type Sandbox } from 'dynamics365-connector-sandbox';
import { createDynamics365Piece } from '../../packages/activepieces/src/create-piece.ts';
import { callTool, callToolOutput, startHttpServer } from '../../packages/mcp/test/fixture.ts';
import { buildActionProperties } from '../../packages/n8n/src/action-properties.ts';
import type { AdminHandler, NodeRedApi } from '../../packages/node-red/src/node-red-api.ts';
import { type NodeRedContext, openNodeRedContext } from '../../packages/node-red/src/node-red-context.ts';
import { addOperationRoutes } from '../../packages/node-red/src/operation-routes.ts';
import { runContractTests } from '../../src/authoring/contract/run-contract-tests.ts';
import { toMetadataTables } from '../../src/authoring/to-metadata-tables.ts';
import type { Client } from '../../src/client/client.ts';
import type { Connector } from '../../src/client/connector.ts';
import { runtimeOf } from '../../src/client/connector.ts';
import { type JsonObject, loadConnector, type SqliteStore } from '../../src/index.ts';

/** Everything that the author writes. */
const files: Readonly<Record<string, string>> = {
  'connector.yaml': `manifestVersion: 1
id: contoso-service
version: 1.0.0
title: Contoso Service
description: Customer Service, with the visits of Contoso.
extends: dynamics365-connector
`,
  'schemas/tables/visit.yaml': `x-table: { name: new_visit, entitySet: new_visits, key: new_visitid, primaryName: new_name, plural: Visits }
title: Visit
description: A visit of a technician.
required: [name]
operations: [get, get-by-key, list, search, create, update, upsert, delete, created, updated, deleted]
keys: [[number]]
properties:
  id: { title: Id, type: string, format: uuid, x-column: new_visitid, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: new_name, x-search: true }
  number: { title: Number, type: string, maxLength: 20, x-column: new_number, x-filter: true }
  kind: { title: Kind, x-column: new_kind, x-choices: { repair: 1, survey: 2 } }
  case: { title: Case, x-lookup: { column: new_caseid, targets: { case: new_CaseId } } }
`,
  'schemas/tables/case.yaml': `properties:
  priority: { x-choices: { urgent: 100000000 } }
  contract: { title: Contract, type: string, maxLength: 40, x-column: new_contract }
`,
  'actions/case.newest.yaml': `title: Newest cases
description: Lists the newest cases whose title has these words.
input:
  required: [words]
  properties:
    words: { title: Words, type: string, minLength: 1, maxLength: 100 }
    limit: { title: Limit, type: integer, minimum: 1, maximum: 10, default: 3 }
request:
  method: GET
  path: /incidents
  query: { $filter: "contains(title, {{input.words}})", $orderby: createdon desc }
pagination: { limit: input.limit }
output: { type: array, items: { $ref: case } }
`,
};

describe('a connector that extends this one', () => {
  let folder: string;
  let sandbox: Sandbox;
  let connector: Connector;
  let client: Client;
  /** What a test has opened, closed after it, also if it fails. */
  const opened: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of opened.splice(0).reverse()) await one.close();
  });
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-own-connector-'));
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    connector = await loadConnector({ manifest: folder });
    const { definition } = runtimeOf(connector);
    const metadata = toMetadataTables(definition, runtimeOf(await loadConnector()).definition);
    sandbox = await createSandbox({ organizations: [{ name: 'contoso', data: 'empty', metadata }] });
    expect(sandbox.organization.skippedMetadata).to.deep.equal([]);
    client = connector.connect(
      { orgUrl: sandbox.organization.origin },
      { kind: 'host', getToken: () => ({ token: sandbox.issueToken() }) },
      { allowLoopback: true },
    );
  });
  after(async () => {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  });

  it('runs the template actions of ours for its table, and its additions to our table', async () => {
    const { output: account } = await client.run('account.create', { name: 'Fabrikam, Inc.' });
    const customer = { table: 'account', id: (account as JsonObject).id! };
    const { output: parent } = await client.run('case.create', {
      title: 'The lift stops',
      customer,
      priority: 'urgent',
      contract: 'C-1',
    });
    expect(parent).to.include({ priority: 'urgent', contract: 'C-1' });
    const owner = { table: 'case', id: (parent as JsonObject).id! };
    const { output: visit } = await client.run('visit.create', {
      name: 'First look',
      number: 'V1',
      kind: 'survey',
      case: owner,
    });
    expect(visit).to.deep.include({ name: 'First look', number: 'V1', kind: 'survey' });
    const { id } = visit as { readonly id: string };
    await client.run('visit.update', { id, kind: 'repair' });
    expect((await client.run('visit.get-by-key', { number: 'V1' })).output).to.include({
      id,
      kind: 'repair',
    });
    const { output: again } = await client.run('visit.upsert', {
      matchOn: ['number'],
      number: 'V1',
      name: 'Second',
    });
    expect(again).to.include({ id, name: 'Second' });
    for (const [action, input] of [
      ['visit.list', { number: 'V1' }],
      ['visit.search', { text: 'Second' }],
    ] as const)
      expect((await client.run(action, input)).output, action).to.have.length(1);
    await client.run('visit.delete', { id });
    expect((await client.run('visit.list', {})).output).to.deep.equal([]);
  });

  it('polls the template triggers of ours for its table', async () => {
    const { output: old } = await client.run('visit.create', { name: 'Old' });
    const oldId = (old as JsonObject).id!;
    const triggers = ['visit.created', 'visit.updated', 'visit.deleted'];
    const started = await Promise.all(triggers.map((id) => client.poll(id)));
    const { output } = await client.run('visit.create', { name: 'Watched' });
    const { id } = output as { readonly id: string };
    const created = await client.poll('visit.created', {}, started[0]!.checkpoint);
    expect(created.items.map(({ row }) => row.name)).to.deep.equal(['Watched']);
    await client.run('visit.update', { id, name: 'Changed' });
    const updated = await client.poll('visit.updated', {}, started[1]!.checkpoint);
    expect(updated.items.map(({ row }) => row.name)).to.include('Changed');
    await client.run('visit.delete', { id: oldId });
    const deleted = await client.poll('visit.deleted', {}, started[2]!.checkpoint);
    expect(deleted.items.map(({ row }) => row.id)).to.deep.equal([oldId]);
  });

  it('says where each operation comes from', () => {
    const { bases, actions } = connector.describe() as { bases: JsonObject[]; actions: JsonObject[] };
    expect(bases.map(({ id }) => id)).to.deep.equal(['dynamics365-customer-service']);
    const originOf = (id: string) => actions.find((action) => action.id === id)?.from;
    expect(originOf('case.get')).to.equal('dynamics365-customer-service');
    expect(originOf('visit.create')).to.equal('dynamics365-customer-service');
    expect(originOf('case.newest')).to.equal(undefined);
  });

  it('passes the tests of its operations', async () => {
    const failures: string[] = [];
    let count = 0;
    const accepts = (id: string) => id.startsWith('visit.') || id === 'case.newest';
    for await (const result of runContractTests(runtimeOf(connector), accepts)) {
      count += 1;
      failures.push(
        ...result.failures.map(({ message }) => `${result.operation} ${result.name}: ${message}`),
      );
    }
    expect(failures).to.deep.equal([]);
    expect(count).to.be.greaterThan(20);
  });

  it('is loaded by Node-RED from settings.js', async () => {
    const red = { settings: { userDir: folder, dynamics365: { manifest: '.', allowLoopback: true } } };
    const hooks = { add: () => {} };
    const context = await openNodeRedContext({
      ...red,
      hooks,
      events: { on: () => {} },
    } as unknown as NodeRedApi);
    opened.push(context.store as SqliteStore);
    expect(Object.keys(runtimeOf(context.connector).definition.actions)).to.include('visit.create');
    expect(context.connectOptions).to.deep.equal({ allowLoopback: true });
  });

  it('is found and run over MCP', async () => {
    const { output } = await client.run('account.create', { name: 'Fabrikam, Inc.' });
    const customer = { table: 'account', id: (output as JsonObject).id! };
    await client.run('case.create', { title: 'The printer leaks', customer });
    const { server, connect } = await startHttpServer({ connector, client }, { tools: ['case.newest'] });
    opened.push(server);
    const mcp = await connect();
    opened.push(mcp);
    const { structured } = await callTool(mcp, 'find_actions', { query: 'newest cases' });
    expect((structured.actions as JsonObject[])[0]).to.include({ id: 'case.newest' });
    const rows = await callToolOutput<JsonObject[]>(mcp, 'case_newest', { words: 'printer' });
    expect(rows.map(({ title }) => title)).to.deep.equal(['The printer leaks']);
  });

  it('has a form in Node-RED', () => {
    const routes = new Map<string, AdminHandler>();
    const httpAdmin = { get: (path: string, _: unknown, handler: AdminHandler) => routes.set(path, handler) };
    addOperationRoutes({
      red: { httpAdmin, auth: { needsPermission: () => {} } },
      connector,
    } as unknown as NodeRedContext);
    const read = (path: string, params = {}) => {
      let body: unknown;
      routes.get(path)!({ params } as never, { json: (value: unknown) => (body = value) } as never);
      return body as JsonObject;
    };
    const { actions } = read('/dynamics365/operations');
    expect((actions as JsonObject[]).map(({ id }) => id)).to.include('case.newest');
    const { fields } = read('/dynamics365/operations/:id', { id: 'case.newest' });
    const { properties } = runtimeOf(connector).definition.actions['case.newest']!.input;
    expect((fields as JsonObject[]).map(({ name }) => name)).to.have.members(
      Object.keys(properties as object),
    );
  });

  it('is an operation of the n8n node, with its fields', () => {
    const form = buildActionProperties(runtimeOf(connector).definition);
    const operations = form.find(
      ({ name, displayOptions }) => name === 'operation' && displayOptions?.show?.resource?.includes('case'),
    );
    const newest = operations?.options?.find((option) => 'value' in option && option.value === 'newest');
    expect(newest).to.include({ name: 'Newest', action: 'Newest cases' });
    const fields = form.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes('newest'));
    expect(fields.map(({ name }) => name)).to.include('words');
  });

  it('is a step of the Activepieces piece, and runs there', async () => {
    const piece = createDynamics365Piece(connector, { allowLoopback: true });
    const props = { environmentUrl: sandbox.organization.origin };
    const auth = { access_token: sandbox.issueToken(), props };
    const run = (name: string, propsValue: JsonObject) => {
      const context = createMockActionContext({ propsValue: { auth, ...propsValue } });
      return piece.getAction(name)!.run({ ...context, auth });
    };
    const visit = await run('visit_create', { name: 'From a flow', kind: 'survey' });
    expect(visit).to.include({ name: 'From a flow', kind: 'survey' });
    expect(await run('case_newest', { words: 'from no flow' })).to.deep.equal([]);
  });
});
