/**
 * Runs the tests of behavior with each sender: `npm run test:senders`, or `npm run test:senders undici`. They send real
 * requests to local servers, with the transport that TEST_TRANSPORT names.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { transports } from '../test/support/test-transport.ts';
import { repositoryRoot } from './support/run-command.ts';

const selected = process.argv.slice(2);
const folders = ['integration', 'query', 'bulk', 'client', 'feed', 'hosts'];
const mocha = join(repositoryRoot, 'node_modules/mocha/bin/mocha.js');
for (const transport of transports.filter((name) => selected.length === 0 || selected.includes(name))) {
  console.log(`\nThe tests of behavior over ${transport}`);
  const { status } = spawnSync(
    process.execPath,
    [mocha, '--parallel', '--jobs', '2', ...folders.map((folder) => `test/${folder}/**/*.test.ts`)],
    { cwd: repositoryRoot, stdio: 'inherit', env: { ...process.env, TEST_TRANSPORT: transport } },
  );
  if (status !== 0) process.exit(status ?? 1);
}
