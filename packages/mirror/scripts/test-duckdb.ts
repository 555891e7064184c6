/** Runs the tests of the DuckDB and Parquet targets, for which it installs DuckDB once: `npm run test:mirror-duckdb`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { installOnce } from '../../../scripts/support/install-once.ts';
import { repositoryRoot } from '../../../scripts/support/run-command.ts';

const install = {
  name: 'duckdb',
  packages: ['@duckdb/node-api@1.5.6-r.1'],
  expectedCost: 'half a minute, 70 MB',
};
const folder = installOnce(install);
const mocha = join(repositoryRoot, 'node_modules/mocha/bin/mocha.js');
const { status } = spawnSync(process.execPath, [mocha, 'packages/mirror/test/duckdb.optional.ts'], {
  cwd: repositoryRoot,
  env: { ...process.env, D365_DUCKDB: folder },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
