/**
 * Builds and packs the product, checks the tarball and the package for n8n, installs the tarball into an empty folder,
 * and uses it there on the oldest and the newest supported Node.js: `npm run test:packed`.
 */
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { packTarball } from './support/pack-tarball.ts';
import { repositoryRoot, runCommand } from './support/run-command.ts';

const require = createRequire(import.meta.url);
const versions = (process.env.NODE_VERSIONS ?? '22.13.0 26').split(' ');
const folder = mkdtempSync(join(tmpdir(), 'd365-packed-'));

try {
  const tarball = packTarball(folder);
  process.stdout.write(`${basename(tarball)}: ${Math.round(statSync(tarball).size / 1024)} KB\n`);
  runCommand('npx', ['--no-install', 'publint', tarball, '--strict']);
  runCommand('npx', ['--no-install', 'attw', tarball, '--profile', 'esm-only', '--quiet']);
  runCommand('npm', ['run', '--silent', 'build:n8n']);
  runCommand('npx', ['--no-install', 'publint', join(repositoryRoot, 'dist-n8n'), '--strict']);
  for (const version of versions) testOnNode(version, tarball);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function testOnNode(version: string, tarball: string): void {
  const home = join(folder, `node-${version}`);
  cpSync(join(repositoryRoot, 'test/packed'), home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  runCommand('npm', ['install', '--no-audit', '--no-fund', '--silent', tarball, `node@${version}`], home);
  const node = join(home, 'node_modules/node/bin/node');
  runCommand(node, ['engine.js'], home);
  runCommand('npm', ['install', '--no-audit', '--no-fund', '--silent', 'oidc-provider@9'], home);
  runCommand(node, ['sandbox.js'], home);
  const sdk = ['@modelcontextprotocol/server@2', '@modelcontextprotocol/client@2'];
  runCommand('npm', ['install', '--no-audit', '--no-fund', '--silent', ...sdk], home);
  runCommand(node, ['mcp.js'], home);
  runCommand(node, ['node-red.js', require.resolve('node-red/red.js')], home);
}
