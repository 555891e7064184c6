// A connector of one's own, written with documents and tarballs only, in every host. Arguments: red.js of Node-RED, and
// the folder of our unpacked n8n package.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { loadConnector } from 'dynamics365-connector';
import { openConnectionStore } from 'dynamics365-connector/node';
import { d365, startSandbox } from './start-sandbox.js';

const [, , nodeRed, n8nPackage] = process.argv;
const manifest = resolve('contoso-service');
execFileSync(process.execPath, [d365, 'new', 'connector', manifest], { stdio: 'ignore' });
for (const folder of ['schemas/tables', 'actions']) mkdirSync(`${manifest}/${folder}`, { recursive: true });
writeFileSync(
  `${manifest}/schemas/tables/visit.yaml`,
  `x-table: { name: new_visit, entitySet: new_visits, key: new_visitid, primaryName: new_name, plural: Visits }
title: Visit
description: A visit of a technician.
required: [name]
operations: all
properties:
  id: { title: Id, type: string, format: uuid, x-column: new_visitid, readOnly: true }
  name: { title: Name, type: string, maxLength: 100, x-column: new_name, x-search: true }
  version: { title: Version, type: string, x-type: bigint, x-column: versionnumber, readOnly: true }
`,
);
writeFileSync(
  `${manifest}/actions/visit.mark.yaml`,
  `title: Mark visit
description: Puts a mark before the name of a visit.
input:
  required: [id, mark]
  properties: { id: { $ref: visit#id }, mark: { title: Mark, type: string, maxLength: 20 } }
steps:
  - { name: visit, action: visit.get, input: { id: "{{input.id}}" } }
  - { action: visit.update, input: { id: { from: visit }, name: "{{input.mark}} {{steps.visit.name}}" } }
`,
);
const sandbox = await startSandbox('--manifest', manifest);
const run = (...args) => {
  const all = [d365, ...args, '--manifest', manifest];
  return execFileSync(process.execPath, all, { env: sandbox.env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
};

// The command line.
run('check');
const created = JSON.parse(run('run', 'visit.create', '--set', 'name=Lift', '--json', '--connection', 'sandbox'));
const { id } = created.output;
const marked = JSON.parse(run('run', 'visit.mark', '--set', `id=${id}`, '--set', 'mark=Urgent', '--json', '--connection', 'sandbox'));
assert.equal(marked.output.name, 'Urgent Lift');
run('record', 'visit.mark', '--set', `id=${id}`, '--set', 'mark=Late', '--connection', 'sandbox');
run('test', 'visit.*');

// A program.
process.env.D365_HOME = sandbox.env.D365_HOME;
process.env.D365_KEY_FILE = sandbox.env.D365_KEY_FILE;
const connections = await openConnectionStore();
const connector = await loadConnector({ manifest, store: connections.store });
const { saved, credential, options } = await connections.open('sandbox');
const client = connector.connect(saved.settings, credential, options);
assert.equal((await client.run('visit.get', { id })).output.name, 'Late Urgent Lift');

// MCP.
const args = [d365, 'mcp', '--connection', 'sandbox', '--allow-writes', '--manifest', manifest, '--tools', 'visit.mark'];
const mcp = new Client({ name: 'test', version: '1.0.0' });
await mcp.connect(new StdioClientTransport({ command: process.execPath, args, env: sandbox.env }));
const called = await mcp.callTool({ name: 'visit_mark', arguments: { id, mark: 'Very' } });
assert.ok(!called.isError, JSON.stringify(called.content));
await mcp.close();

// The worker.
const config = `${sandbox.env.D365_HOME}/worker.yaml`;
writeFileSync(
  config,
  `manifest: ${manifest}
connections: { local: { saved: sandbox } }
subscriptions:
  visits: { connection: local, trigger: visit.created, from: beginning, every: 1s, deliver: { stdout: true } }
`,
);
const stdio = ['ignore', 'pipe', 'inherit'];
const worker = spawn(process.execPath, [d365, 'worker', '--config', config, '--log', 'error'], { env: sandbox.env, stdio });
const [event] = await once(worker.stdout, 'data');
assert.equal(JSON.parse(String(event).split('\n')[0]).trigger, 'visit.created');
worker.kill('SIGTERM');
await once(worker, 'exit');

// Node-RED.
const settings = {
  uiHost: '127.0.0.1',
  uiPort: 0,
  telemetry: { enabled: false, updateNotification: false },
  dynamics365: { manifest },
};
writeFileSync('own-settings.cjs', `module.exports = ${JSON.stringify(settings)};`);
const red = spawn(process.execPath, [nodeRed, '--userDir', process.cwd(), '--settings', 'own-settings.cjs']);
let output = '';
red.stdout.on('data', (chunk) => {
  output += chunk;
});
while (!output.includes('Started flows')) await once(red.stdout, 'data');
const [, url] = /Server now running at (\S+)/.exec(output);
const { actions } = await (await fetch(`${url}dynamics365/operations`)).json();
assert.ok(actions.some((action) => action.id === 'visit.mark'));
red.kill();
await once(red, 'exit');

// n8n, which runs the package in `npm run test:n8n`.
cpSync(n8nPackage, 'node_modules/n8n-nodes-dynamics365-customer-service', { recursive: true });
run('build', '--for', 'n8n', '--out', resolve('n8n-nodes-contoso'));
const definition = JSON.parse(readFileSync('n8n-nodes-contoso/dist/entry/definition.json', 'utf8'));
assert.ok(definition.actions['visit.mark'].sequence);
const described = JSON.parse(readFileSync('n8n-nodes-contoso/package.json', 'utf8'));
for (const file of [...described.n8n.nodes, ...described.n8n.credentials]) assert.ok(existsSync(`n8n-nodes-contoso/${file}`), file);

await sandbox.stop();
console.log('ok');
