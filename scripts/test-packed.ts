/**
 * Builds and packs the product, checks the tarball and the package for n8n, installs the tarball into an empty folder,
 * and uses it there on the oldest and the newest supported Node.js: `npm run test:packed`.
 */
import { cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pack, run } from './install-aside.ts';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const versions = (process.env.NODE_VERSIONS ?? '22.13.0 26').split(' ');
const folder = mkdtempSync(join(tmpdir(), 'd365-packed-'));

try {
  const tarball = pack(folder);
  process.stdout.write(`${basename(tarball)}: ${Math.round(statSync(tarball).size / 1024)} KB\n`);
  process.stdout.write(run('npx', ['--no-install', 'publint', tarball, '--strict'], root));
  process.stdout.write(
    run('npx', ['--no-install', 'attw', tarball, '--profile', 'esm-only', '--quiet'], root),
  );
  run('npm', ['run', '--silent', 'build:n8n'], root);
  process.stdout.write(run('npx', ['--no-install', 'publint', join(root, 'dist-n8n'), '--strict'], root));
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
  process.stdout.write(run(node, ['engine.js'], home));
  run('npm', ['install', '--no-audit', '--no-fund', '--silent', 'oidc-provider@9'], home);
  process.stdout.write(run(node, ['sandbox.js'], home));
  const sdk = ['@modelcontextprotocol/server@2', '@modelcontextprotocol/client@2'];
  run('npm', ['install', '--no-audit', '--no-fund', '--silent', ...sdk], home);
  process.stdout.write(run(node, ['mcp.js'], home));
  process.stdout.write(run(node, ['node-red.js', require.resolve('node-red/red.js')], home));
}
