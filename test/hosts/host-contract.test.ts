import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { callTool, startHttpServer } from '../../packages/mcp/test/fixture.ts';
import {
  createConnectionNode,
  deploy,
  prepareUserFolder,
  startNodeRed,
} from '../../packages/node-red/test/node-red-process.ts';
import type { Client, JsonObject } from '../../src/index.ts';
import { openSandboxClient, type SandboxClient } from '../support/sandbox-client.ts';
import { contractActions, createEngineHost, type HostOutcome, runHostContract } from './host-contract.ts';

describe('every host', function () {
  this.timeout(60_000);
  let bench: SandboxClient;
  let client: Client;
  let customer: JsonObject;
  let expected: readonly unknown[];
  const closing: (() => unknown)[] = [];

  before(async () => {
    bench = await openSandboxClient();
    closing.push(() => bench.close());
    const { output } = await bench.client.run('account.create', { name: 'Fabrikam, Inc.' });
    customer = { table: 'account', id: (output as JsonObject).id! };
    // All of them as the same user: the app.
    const { app, organization, issueToken } = bench.sandbox;
    client = bench.connector.connect(
      { orgUrl: organization.origin },
      { kind: 'host', getToken: () => ({ token: issueToken(app) }) },
      { allowLoopback: true },
    );
    expected = await runHostContract(createEngineHost(client), customer);
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  it('is held against outputs and errors of all kinds', () => {
    const codes = expected.map(
      (entry) => (entry as [string, { error?: JsonObject }])[1].error?.code ?? 'output',
    );
    expect(codes.filter((code) => code === 'output')).to.have.length(7);
    expect(new Set(codes)).to.include.all.keys('NOT_FOUND', 'INPUT_INVALID', 'OPERATION_UNKNOWN');
  });

  it('gives the same over MCP', async () => {
    const { connect, server } = await startHttpServer(
      { connector: bench.connector, client },
      { permissions: { writes: true, deletes: true } },
    );
    closing.push(() => server.close());
    const mcp = await connect(() => ({ action: 'accept', content: { confirm: true } }));
    const seen = await runHostContract(async (action, input) => {
      const { structured } = await callTool(mcp, 'run_action', { action, input });
      const { output, error } = structured;
      return error === undefined ? { output: output! } : { error: error as JsonObject };
    }, customer);
    expect(seen).to.deep.equal(expected);
  });

  it('gives the same in Node-RED', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'd365-contract-'));
    closing.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    prepareUserFolder(folder, bench.sandbox);
    const red = await startNodeRed(folder);
    closing.push(() => red.stop());
    await deploy(red, [createConnectionNode(bench.sandbox), ...flowOfActions()]);
    const seen = await runHostContract(async (action, input) => {
      const answer = await fetch(`${red.url}${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      return (await answer.json()) as HostOutcome;
    }, customer);
    expect(seen).to.deep.equal(expected);
  });
});

/** An address for each action: its body is the input, its answer the outcome. */
function flowOfActions(): JsonObject[] {
  const z = 'tab';
  const set = (id: string, to: string) => ({
    id,
    z,
    type: 'change',
    rules: [{ t: 'set', p: 'payload', pt: 'msg', to, tot: 'jsonata' }],
    wires: [['answer']],
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
    { id: 'answer', z, type: 'http response', wires: [] },
  ];
}
