// Node-RED, whose red.js is the first argument, loads the nodes from this folder as its user folder.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';

const settings = { uiHost: '127.0.0.1', uiPort: 0, telemetry: { enabled: false, updateNotification: false } };
writeFileSync('settings.cjs', `module.exports = ${JSON.stringify(settings)};`);
const child = spawn(process.execPath, [process.argv[2], '--userDir', process.cwd(), '--settings', 'settings.cjs']);
let output = '';
child.stdout.on('data', (chunk) => {
  output += chunk;
});
while (!output.includes('Started flows')) await once(child.stdout, 'data');
const [, url] = /Server now running at (\S+)/.exec(output);
const nodes = await (await fetch(`${url}nodes`, { headers: { accept: 'application/json' } })).json();
const [ours] = nodes.filter(({ module }) => module === 'node-red-contrib-dynamics365');
const page = await (await fetch(`${url}nodes`, { headers: { accept: 'text/html' } })).text();
child.kill();
await once(child, 'exit');
assert.equal(ours?.err, undefined);
assert.equal(ours.types.length, 3);
assert.match(page, /data-template-name="dynamics365-action"/);

console.log('ok');
