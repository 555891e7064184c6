/**
 * Builds and packs the product, checks the tarball and the package for n8n, installs the tarball into an empty folder,
 * and uses it there on the oldest and the newest supported Node.js: `npm run test:packed`.
 */
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pack } from './aside/pack.ts';
import { root, run } from './aside/run.ts';

const require = createRequire(import.meta.url);
const versions = (process.env.NODE_VERSIONS ?? '22.13.0 26').split(' ');
const folder = mkdtempSync(join(tmpdir(), 'd365-packed-'));

try {
  const tarball = pack(folder);
  process.stdout.write(`${basename(tarball)}: ${Math.round(statSync(tarball).size / 1024)} KB\n`);
  run('npx', ['--no-install', 'publint', tarball, '--strict']);
  run('npx', ['--no-install', 'attw', tarball, '--profile', 'esm-only', '--quiet']);
  run('npm', ['run', '--silent', 'build:n8n']);
  run('npx', ['--no-install', 'publint', join(root, 'dist-n8n'), '--strict']);
  for (const version of versions) useOn(version, tarball);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function useOn(version: string, tarball: string): void {
  const home = join(folder, `node-${version}`);
  cpSync(join(root, 'test/packed'), home, { recursive: true });
  writeFileSync(join(home, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  run('npm', ['install', '--no-audit', '--no-fund', '--silent', tarball, `node@${version}`], home);
  const node = join(home, 'node_modules/node/bin/node');
  run(node, ['engine.js'], home);
  run('npm', ['install', '--no-audit', '--no-fund', '--silent', 'oidc-provider@9'], home);
  run(node, ['sandbox.js'], home);
  const sdk = ['@modelcontextprotocol/server@2', '@modelcontextprotocol/client@2'];
  run('npm', ['install', '--no-audit', '--no-fund', '--silent', ...sdk], home);
  run(node, ['mcp.js'], home);
  run(node, ['node-red.js', require.resolve('node-red/red.js')], home);
}
