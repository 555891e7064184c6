/**
 * Tests the package in n8n: `npm run test:n8n` in its engine, `npm run test:n8n:full` in the complete n8n. Downloads n8n
 * once, builds and packs the package, and runs packages/n8n/test/in-n8n/. Exit code 2: n8n could not be installed, so
 * nothing was tested.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installFolder, installOnce } from '../../../scripts/support/install-once.ts';
import { n8nInstalls } from './n8n-installs.ts';
import { packN8nPackage } from './pack-n8n-package.ts';
import { paths } from './paths.ts';

const which = process.argv[2] === 'full' ? 'full' : 'core';
const host = n8nInstalls[which];
const folder = installFolder(host);

try {
  installOnce(host);
} catch (error) {
  process.stderr.write(
    `n8n could not be installed, so nothing was tested: ${(error as Error).message}\n` +
      `The installation needs the npm registry and takes ${host.expectedCost}. Try again, or delete ${folder} first.\n`,
  );
  process.exit(2);
}
packN8nPackage();

const mocha = join(paths.root, 'node_modules/mocha/bin/mocha.js');
const args = [
  mocha,
  // A new user folder of n8n takes a minute of migrations on a busy machine.
  '--timeout',
  '900000',
  `packages/n8n/test/in-n8n/${which}/*.ts`,
  ...process.argv.slice(3),
];
const { status } = spawnSync(process.execPath, args, {
  cwd: paths.root,
  stdio: 'inherit',
  env: {
    ...process.env,
    // As in n8n: the package finds n8n-workflow in its host.
    NODE_PATH: join(folder, 'node_modules'),
    // The engine writes its encryption key here.
    N8N_USER_FOLDER: join(folder, 'user'),
  },
});
process.exit(status ?? 1);
