/**
 * Runs the activities and steps of docs/hosts.md with the test engines of Temporal and Inngest, on the packed packages
 * and a sandbox: `npm run test:durable`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installOnce } from './support/install-once.ts';
import { packTarballs } from './support/pack-tarballs.ts';
import { captureCommand, repositoryRoot, runCommand } from './support/run-command.ts';

const folder = installOnce({
  name: 'durable',
  packages: [
    '@temporalio/activity@1.24.0',
    '@temporalio/testing@1.24.0',
    '@temporalio/worker@1.24.0',
    'inngest@4.24.0',
    '@inngest/test@1.0.0',
  ],
  expectedCost: 'a minute, 500 MB',
});
const used = ['dynamics365-connector', 'dynamics365-connector-sandbox'];
const tarballs = (await packTarballs(folder)).filter(({ name }) => used.includes(name));
const flags = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
runCommand('npm', ['install', ...flags, ...tarballs.map(({ file }) => file)], folder);
cpSync(join(repositoryRoot, 'examples/durable'), join(folder, 'examples'), { recursive: true });
cpSync(join(repositoryRoot, 'test/durable'), join(folder, 'test'), { recursive: true });
const { compilerOptions } = JSON.parse(
  captureCommand(process.execPath, [tool('typescript/bin/tsc'), '--showConfig']),
);
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: true }, include: ['examples', 'test'] }),
);
runCommand(process.execPath, [tool('typescript/bin/tsc')], folder);
const files = globSync('test/*.ts', { cwd: folder });
const { status } = spawnSync(process.execPath, [tool('mocha/bin/mocha.js'), ...files], {
  cwd: folder,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;

function tool(path: string): string {
  return join(repositoryRoot, 'node_modules', path);
}
