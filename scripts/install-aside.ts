import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * Packages that tests need and the product does not, in a folder of their own, `.cache/<name>`; answers the folder.
 * What an earlier run installed there is used again.
 */
export function installAside(name: string, packages: Readonly<Record<string, string>>): string {
  const folder = join(root, '.cache', name);
  mkdirSync(folder, { recursive: true });
  const about = { private: true, type: 'module', dependencies: packages };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about, null, 2));
  run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], folder);
  return folder;
}

/** Builds and packs the product into a folder; answers the tarball. */
export function pack(folder: string): string {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], root)) as [
    { readonly filename: string },
  ];
  return join(folder, packed.filename);
}

/** Runs a program to its end; answers what it says. */
export function run(command: string, args: readonly string[], cwd: string): string {
  process.stdout.write(`$ ${[command, ...args].join(' ')}\n`);
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
