import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMockActionContext } from '@activepieces/pieces-framework';
import { expect } from 'chai';
import { createDynamics365Piece } from '../../packages/activepieces/src/create-piece.ts';
import { callTool, startHttpServer } from '../../packages/mcp/test/fixture.ts';
import {
  createConnectionNode,
  deploy,
  prepareUserFolder,
  startNodeRed,
} from '../../packages/node-red/test/node-red-process.ts';
import type { Client, Json, JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';
import { contractActions, createEngineHost, type HostOutcome, runHostContract } from './host-contract.ts';

describe('host contract', () => {
  let fixture: SandboxClient;
  let client: Client;
  let customer: JsonObject;
  let expected: readonly unknown[];
  const closing: (() => unknown)[] = [];

  before(async () => {
    fixture = await openSandboxClient();
    closing.push(() => fixture.close());
    const { output } = await fixture.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
    // All hosts act as the same user: the app.
    const { app, organization, issueToken } = fixture.sandbox;
    client = fixture.connector.connect(
      { orgUrl: organization.origin },
      { kind: 'host', getToken: () => ({ token: issueToken(app) }) },
      { allowLoopback: true },
    );
    expected = await runHostContract(createEngineHost(client), customer);
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  it('covers outputs and errors of several kinds', () => {
    const codes = expected.map(
      (entry) => (entry as [string, { error?: JsonObject }])[1].error?.code ?? 'output',
    );
    expect(codes.filter((code) => code === 'output')).to.have.length(7);
    expect(new Set(codes)).to.include.all.keys('NOT_FOUND', 'INPUT_INVALID', 'OPERATION_UNKNOWN');
  });

  it('holds over MCP', async () => {
    const { connect, server } = await startHttpServer(
      { connector: fixture.connector, client },
      { permissions: { writes: true, deletes: true } },
    );
    closing.push(() => server.close());
    const mcp = await connect(() => ({ action: 'accept', content: { confirm: true } }));
    const actual = await runHostContract(async (action, input) => {
      const { structured } = await callTool(mcp, 'run_action', { action, input });
      const { output, error } = structured;
      return error === undefined ? { output: output! } : { error: error as JsonObject };
    }, customer);
    expect(actual).to.deep.equal(expected);
  });

  it('holds in Node-RED', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'd365-contract-'));
    closing.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    prepareUserFolder(folder, fixture.sandbox);
    const red = await startNodeRed(folder);
    closing.push(() => red.stop());
    await deploy(red, [createConnectionNode(fixture.sandbox), ...flowOfActions()]);
    const actual = await runHostContract(async (action, input) => {
      const response = await fetch(`${red.url}${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      return (await response.json()) as HostOutcome;
    }, customer);
    expect(actual).to.deep.equal(expected);
  });

  it('holds in Activepieces, which has no unknown actions', async () => {
    const { app, organization, issueToken } = fixture.sandbox;
    const piece = createDynamics365Piece(fixture.connector, { allowLoopback: true });
    const auth = { access_token: issueToken(app), props: { environmentUrl: organization.origin } };
    const actual = await runHostContract(async (action, input) => {
      const step = piece.getAction(action.replace('.', '_'));
      if (step === undefined) return { error: { code: 'OPERATION_UNKNOWN' } };
      const context = createMockActionContext({ propsValue: { auth, ...input } });
      return await step.run({ ...context, auth }).then(
        (output) => ({ output: output as Json }),
        ({ cause }) => ({ error: JSON.parse(JSON.stringify(cause)) }),
      );
    }, customer);
    expect(actual.slice(0, -1)).to.deep.equal(expected.slice(0, -1));
    expect(actual.at(-1)).to.deep.equal(['case.nothing', { error: { code: 'OPERATION_UNKNOWN' } }]);
  });
});

/** A URL for each action: the request body is the input, the response body the outcome. */
function flowOfActions(): JsonObject[] {
  const z = 'tab';
  const set = (id: string, to: string) => ({
    id,
    z,
    type: 'change',
    rules: [{ t: 'set', p: 'payload', pt: 'msg', to, tot: 'jsonata' }],
    wires: [['response']],
  });
  const perAction = contractActions.flatMap((action): JsonObject[] => [
    { id: `in ${action}`, z, type: 'http in', url: `/${action}`, method: 'post', wires: [[`run ${action}`]] },
    {
      id: `run ${action}`,
      z,
      type: 'dynamics365-action',
      connection: 'connection',
      action,
      usePayload: true,
      values: {},
      wires: [['output']],
    },
  ]);
  return [
    { id: z, type: 'tab', label: 'Contract' },
    ...perAction,
    set('output', '{ "output": payload }'),
    { id: 'catch', z, type: 'catch', scope: null, wires: [['error']] },
    set('error', '{ "error": dynamics365.error }'),
    { id: 'response', z, type: 'http response', wires: [] },
  ];
}
