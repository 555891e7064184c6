// A client of the MCP SDK uses `d365 mcp`, also for a write.
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import 'dynamics365-connector-mcp';
import { d365, startSandbox } from './start-sandbox.js';

const sandbox = await startSandbox();
const client = new Client({ name: 'test', version: '1.0.0' });
const args = [d365, 'mcp', '--connection', sandbox.connection, '--allow-writes'];
await client.connect(new StdioClientTransport({ command: process.execPath, args, env: sandbox.env }));
const { tools } = await client.listTools();
assert.ok(tools.some(({ name }) => name === 'case_create'));
const list = await client.callTool({ name: 'case_list', arguments: { state: 'active', limit: 1 } });
const [{ id }] = list.structuredContent.output;
const update = await client.callTool({ name: 'case_update', arguments: { id, priority: 'high' } });
assert.ok(!update.isError, JSON.stringify(update.content));
await client.close();
await sandbox.stop();

console.log('ok');
