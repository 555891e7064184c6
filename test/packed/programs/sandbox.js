// The same folder, with the sandbox's optional packages installed: the whole demonstration runs from dist.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createSandbox } from 'dynamics365-connector-sandbox';

const sandbox = await createSandbox();
assert.match(sandbox.organizations[0].origin, /^http:\/\/(127\.0\.0\.1|localhost):\d+$/);
await sandbox.close();

const cli = new URL('node_modules/dynamics365-connector/dist/cli/main.js', import.meta.url).pathname;
execFileSync(process.execPath, [cli, 'demo'], { stdio: ['ignore', 'ignore', 'inherit'] });

console.log(`sandbox and demo work from the tarball on Node ${process.version}`);
