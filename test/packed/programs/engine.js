// Runs in an empty folder that has nothing but the installed tarball: the engine without the sandbox's packages.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { ConnectorError, errorCodes, loadConnector } from 'dynamics365-connector';

const connector = await loadConnector();
assert.ok(Object.keys(connector.definition.actions).length > 20);

const plan = connector.explain('case.list', { search: "o'clock", state: 'active' });
assert.match(decodeURIComponent(plan.url), /contains\(title, 'o''clock'\)/);

assert.throws(
  () => connector.explain('case.lst'),
  (error) => error instanceof ConnectorError && error.code === 'OPERATION_UNKNOWN' && /case\.list/.test(error.message),
);
assert.ok(errorCodes.INPUT_INVALID);

const cli = new URL('node_modules/dynamics365-connector/dist/cli/main.js', import.meta.url).pathname;
const d365 = (...args) => execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
assert.match(d365('--help'), /sandbox/);
assert.ok(JSON.parse(d365('describe', '--json')).actions.length > 20);
assert.ok(d365('test', '--json').split('\n').filter(Boolean).every((line) => JSON.parse(line).faults.length === 0));
assert.throws(() => d365('demo'), (error) => error.status === 8);

console.log(`engine and CLI work from the tarball on Node ${process.version}`);
