import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type JsonObject, loadConnector } from 'dynamics365-connector';
import { openSandboxClient, type SandboxClient } from '../../../test/support/sandbox-client.ts';
import { callToolOutput, startHttpServer } from './fixture.ts';

const connectorFile = `manifestVersion: 1
id: contoso-service
version: 1.0.0
title: Contoso Service
description: Customer Service with an action of its own.
extends: dynamics365-connector
`;

/** The rows of a request with a path, described in YAML. */
const action = `title: List waiting cases
description: Lists cases with their customers.
request: { method: GET, path: /incidents, query: { $select: "title,prioritycode,_customerid_value", $expand: "Incident_Tasks($select=subject,statecode)" } }
output:
  type: array
  items:
    type: object
    properties:
      subject: { title: Subject, type: string, x-column: title, maxLength: 200 }
      urgency: { $ref: "case#priority" }
      customer: { $ref: "case#customer" }
      steps:
        title: Steps
        type: array
        x-column: Incident_Tasks
        items: { type: object, properties: { subject: { title: Subject, type: string, maxLength: 200 }, state: { $ref: "task#state" } } }
`;

describe('the output of a request with a path, as a tool', () => {
  let fixture: SandboxClient;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'd365-mcp-output-'));
    mkdirSync(join(folder, 'actions'));
    writeFileSync(join(folder, 'connector.yaml'), connectorFile);
    writeFileSync(join(folder, 'actions/case.waiting.yaml'), action);
    fixture = await openSandboxClient();
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await fixture.close();
  });

  it('is what its output schema says', async () => {
    const run = async (id: string, input: JsonObject) =>
      (await fixture.client.run(id, input)).output as JsonObject;
    const account = await run('account.create', { name: 'Fabrikam' });
    const customer = { table: 'account', id: account.id! };
    const created = await run('case.create', { title: 'Kettle', priority: 'high', customer });
    await run('task.create', { subject: 'Call', regarding: { table: 'case', id: created.id! } });

    const connector = await loadConnector({ manifest: folder });
    const client = connector.connect(
      { orgUrl: fixture.sandbox.organization.origin },
      { kind: 'host', getToken: () => ({ token: fixture.sandbox.issueToken() }) },
      { allowLoopback: true },
    );
    const { server, connect } = await startHttpServer({ connector, client } as never, {
      tools: ['case.waiting'],
    });
    try {
      const mcp = await connect();
      const { tools } = await mcp.listTools();
      expect(tools.map(({ name }) => name)).to.include('case_waiting');
      // The client refuses a result that its output schema does not allow.
      expect(await callToolOutput(mcp, 'case_waiting')).to.deep.equal([
        {
          subject: 'Kettle',
          urgency: 'high',
          customer: { ...customer, name: 'Fabrikam' },
          steps: [{ subject: 'Call', state: 'open' }],
        },
      ]);
    } finally {
      await server.close();
    }
  });
});
