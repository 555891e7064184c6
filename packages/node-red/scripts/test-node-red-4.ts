/**
 * Runs the tests of the nodes, those in a browser too, in Node-RED 4 instead of the version that is a dependency:
 * `npm run test:node-red-4`.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from '../../../scripts/support/install-once.ts';
import { repositoryRoot } from '../../../scripts/support/run-command.ts';

const install = { name: 'node-red-4', packages: ['node-red@4.1.15'], expectedCost: 'half a minute, 140 MB' };
const nodeRed = join(installOnce(install), 'node_modules/node-red/red.js');
const files = globSync('packages/node-red/test/{*.test,browser/*.browser}.ts', { cwd: repositoryRoot });
const { status } = spawnSync(
  process.execPath,
  [join(repositoryRoot, 'node_modules/mocha/bin/mocha.js'), ...files],
  {
    cwd: repositoryRoot,
    env: { ...process.env, NODE_RED: nodeRed },
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
