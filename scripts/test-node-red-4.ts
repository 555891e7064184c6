/** The tests of our nodes in Node-RED 4 instead of the one that is a dependency: `npm run test:node-red-4`. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { installAside } from './install-aside.ts';

const root = join(import.meta.dirname, '..');
const NODE_RED = join(installAside('node-red-4', { 'node-red': '4.1.15' }), 'node_modules/node-red/red.js');
const files = globSync('test/hosts/node-red/*.test.ts', { cwd: root });
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/mocha/bin/mocha.js'), ...files], {
  cwd: root,
  env: { ...process.env, NODE_RED },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
