// The same folder as a user folder of Node-RED, whose red.js is named on the command line: our nodes load from dist.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';

const settings = { uiHost: '127.0.0.1', uiPort: 0, telemetry: { enabled: false, updateNotification: false } };
writeFileSync('settings.cjs', `module.exports = ${JSON.stringify(settings)};`);
const child = spawn(process.execPath, [process.argv[2], '--userDir', process.cwd(), '--settings', 'settings.cjs']);
let said = '';
child.stdout.on('data', (chunk) => {
  said += chunk;
});
while (!said.includes('Started flows')) await once(child.stdout, 'data');
const [, url] = /Server now running at (\S+)/.exec(said);
const nodes = await (await fetch(`${url}nodes`, { headers: { accept: 'application/json' } })).json();
const ours = nodes.find(({ module }) => module === 'dynamics365-connector');
const page = await (await fetch(`${url}nodes`, { headers: { accept: 'text/html' } })).text();
child.kill();
await once(child, 'exit');
assert.equal(ours?.err, undefined);
assert.equal(ours.types.length, 3);
assert.match(page, /data-template-name="dynamics365-action"/);

console.log(`Node-RED loads our nodes from the tarball on Node ${process.version}`);
