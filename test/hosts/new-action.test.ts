import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { callTool, callToolOutput, startHttpServer } from '../../packages/mcp/test/fixture.ts';
import { buildActionProperties } from '../../packages/n8n/src/action-properties.ts';
import type { AdminHandler } from '../../packages/node-red/src/node-red-api.ts';
import type { NodeRedContext } from '../../packages/node-red/src/node-red-context.ts';
import { addOperationRoutes } from '../../packages/node-red/src/operation-routes.ts';
import type { Client } from '../../src/client/client.ts';
import type { Connector } from '../../src/client/connector.ts';
import { runtimeOf } from '../../src/client/connector.ts';
import { type JsonObject, loadConnector } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';

const yaml = `title: Newest cases
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
output: { type: array, items: { $ref: ../schemas/tables/case.yaml } }
`;

/** A copy of the manifest with one more file, and no code. */
describe('a new YAML action', function () {
  this.timeout(30_000);
  let folder: string;
  let fixture: SandboxClient;
  let connector: Connector;
  let client: Client;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-new-action-'));
    for (const part of ['connector.yaml', 'actions', 'triggers', 'schemas'])
      cpSync(join(import.meta.dirname, '../..', part), join(folder, part), { recursive: true });
    writeFileSync(join(folder, 'actions/case.newest.yaml'), yaml);
    fixture = await openSandboxClient();
    connector = await loadConnector({ folder });
    client = connector.connect(
      { orgUrl: fixture.sandbox.organization.origin },
      { kind: 'host', getToken: () => ({ token: fixture.sandbox.issueToken() }) },
      { allowLoopback: true },
    );
  });
  after(async () => {
    await fixture.close();
    rmSync(folder, { recursive: true });
  });

  it('is found and run over MCP', async () => {
    const { output } = await client.run('account.create', { name: 'Fabrikam, Inc.' });
    const customer = { table: 'account', id: (output as JsonObject).id! };
    await client.run('case.create', { title: 'The printer leaks', customer });
    const { server, connect } = await startHttpServer({ connector, client }, { tools: ['case.newest'] });
    const mcp = await connect();
    const { structured } = await callTool(mcp, 'find_actions', { query: 'newest cases' });
    expect((structured.actions as JsonObject[])[0]).to.include({ id: 'case.newest' });
    const rows = await callToolOutput<JsonObject[]>(mcp, 'case_newest', { words: 'printer' });
    expect(rows.map(({ title }) => title)).to.deep.equal(['The printer leaks']);
    await mcp.close();
    await server.close();
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
    const { input } = read('/dynamics365/operations/:id', { id: 'case.newest' });
    expect(input).to.deep.equal(runtimeOf(connector).definition.actions['case.newest']!.input);
  });

  it('is an operation of the n8n node, with its fields', () => {
    const form = buildActionProperties(runtimeOf(connector).definition);
    const operations = form.find(
      ({ name, displayOptions }) => name === 'operation' && displayOptions?.show?.resource?.includes('case'),
    );
    expect(operations?.options).to.deep.include({
      name: 'Newest cases',
      value: 'case.newest',
      action: 'Newest cases',
      description: 'Lists the newest cases whose title has these words.',
    });
    const fields = form.filter(({ displayOptions }) =>
      displayOptions?.show?.operation?.includes('case.newest'),
    );
    expect(fields.map(({ name }) => name)).to.include('words');
  });
});
