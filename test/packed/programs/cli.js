// The command line as a user types it: `npx d365 ...`.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { startSandbox } from './start-sandbox.js';

const sandbox = await startSandbox();
// The description of all actions is longer than a megabyte, the default limit.
const options = {
  env: sandbox.env,
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
  maxBuffer: 64 * 2 ** 20,
};
const npx = (...args) => execFileSync('npx', ['--no-install', 'd365', ...args], options);

assert.match(npx('--help'), /sandbox/);
assert.ok(JSON.parse(npx('describe', '--json')).actions.length > 20);
const rows = npx('list', 'case.list', '--set', 'state=active', '--connection', sandbox.connection, '--json');
assert.ok(JSON.parse(rows.split('\n')[0]).id);
assert.match(npx('demo'), /\S/);
assert.deepEqual(await sandbox.stop(), [0, null]);

console.log('ok');
