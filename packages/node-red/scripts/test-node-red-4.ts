/** The tests of our nodes in Node-RED 4 instead of the one that is a dependency: `npm run test:node-red-4`. */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from '../../../scripts/aside/install-once.ts';
import { root } from '../../../scripts/aside/run.ts';

const guest = { name: 'node-red-4', packages: ['node-red@4.1.15'], cost: 'half a minute, 140 MB' };
const NODE_RED = join(installOnce(guest), 'node_modules/node-red/red.js');
const files = globSync('packages/node-red/test/*.test.ts', { cwd: root });
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/mocha/bin/mocha.js'), ...files], {
  cwd: root,
  env: { ...process.env, NODE_RED },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
