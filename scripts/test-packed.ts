/**
 * Builds and packs the product, checks the tarball, installs it into an empty folder, and uses it there on the
 * oldest and the newest supported Node.js: `npm run test:packed`.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const versions = (process.env.NODE_VERSIONS ?? '22.13.0 26').split(' ');
const folder = mkdtempSync(join(tmpdir(), 'd365-packed-'));

function run(command: string, args: readonly string[], cwd = root): string {
  process.stdout.write(`$ ${[command, ...args].join(' ')}\n`);
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

try {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder])) as [
    { readonly filename: string; readonly size: number },
  ];
  const tarball = join(folder, packed.filename);
  process.stdout.write(`${packed.filename}: ${Math.round(packed.size / 1024)} KB\n`);
  process.stdout.write(run('npx', ['--no-install', 'publint', tarball, '--strict']));
  process.stdout.write(run('npx', ['--no-install', 'attw', tarball, '--profile', 'esm-only', '--quiet']));
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
  process.stdout.write(run(node, ['node-red.js', require.resolve('node-red/red.js')], home));
}
