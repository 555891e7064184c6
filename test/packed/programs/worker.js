// `d365 worker` polls a trigger of the sandbox and writes its events to standard output.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { d365, startSandbox } from './start-sandbox.js';

const sandbox = await startSandbox();
const config = join(sandbox.env.D365_HOME, 'worker.yaml');
writeFileSync(
  config,
  `connections: { local: { saved: ${sandbox.connection} } }
subscriptions:
  cases: { connection: local, trigger: case.created, from: beginning, every: 1s, deliver: { stdout: true } }
`,
);
const options = { env: sandbox.env, cwd: sandbox.env.D365_HOME, stdio: ['ignore', 'pipe', 'inherit'] };
const worker = spawn(process.execPath, [d365, 'worker', '--config', config, '--log', 'error'], options);
const [chunk] = await once(worker.stdout, 'data');
const event = JSON.parse(String(chunk).split('\n')[0]);
assert.equal(event.trigger, 'case.created');
worker.kill('SIGTERM');
assert.deepEqual(await once(worker, 'exit'), [0, null]);
await sandbox.stop();

console.log('ok');
