/**
 * The package for n8n in n8n's own hands: `npm run test:n8n` in its engine, `npm run test:n8n:full` in the whole of
 * it. Downloads n8n once, builds and packs the package, and runs the tests of test/n8n/. Exit code 2: n8n could not
 * be installed; nothing was tested.
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
      `It takes ${host.expectedCost} and the npm registry. Try again, or delete ${folder} first.\n`,
  );
  process.exit(2);
}
packN8nPackage();

const mocha = join(paths.root, 'node_modules/mocha/bin/mocha.js');
const args = [mocha, '--timeout', '60000', `test/n8n/${which}/*.ts`, ...process.argv.slice(3)];
const { status } = spawnSync(process.execPath, args, {
  cwd: paths.root,
  stdio: 'inherit',
  env: {
    ...process.env,
    // As n8n does it: a package on disk finds n8n-workflow in the host.
    NODE_PATH: join(folder, 'node_modules'),
    // The engine keeps a key of its own somewhere.
    N8N_USER_FOLDER: join(folder, 'user'),
  },
});
process.exit(status ?? 1);
