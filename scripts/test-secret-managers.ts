/**
 * Compares the readers of secret managers with clients of others, which it installs once, and with moto, which needs Python
 * and `pip install "moto[server]"`: `npm run test:secret-managers`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installOnce } from './support/install-once.ts';
import { repositoryRoot } from './support/run-command.ts';

const folder = installOnce({
  name: 'secret-managers',
  packages: ['node-vault@0.12.0', '@azure/keyvault-secrets@4.11.2'],
  expectedCost: 'half a minute, 20 MB',
});
const mocha = join(repositoryRoot, 'node_modules/mocha/bin/mocha.js');
const { status } = spawnSync(process.execPath, [mocha, 'test/node/secret-managers/*.optional.ts'], {
  cwd: repositoryRoot,
  env: { ...process.env, D365_VENDOR_CLIENTS: folder },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
