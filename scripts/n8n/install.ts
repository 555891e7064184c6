import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { places } from './places.ts';
import { run } from './run.ts';

/** Something of n8n that a test needs. */
export interface Host {
  readonly folder: string;
  readonly packages: readonly string[];
  /** Packages whose native part is compiled here; no other install script runs. */
  readonly rebuild: readonly string[];
  /** What to expect, for whoever waits: "a minute, 410 MB". */
  readonly cost: string;
}

/**
 * n8n is under the Sustainable Use License, which is no open-source licence: it never becomes a dependency of ours,
 * and is installed for these tests alone.
 */
export const hosts: Readonly<Record<'core' | 'full', Host>> = {
  core: {
    folder: places.core,
    packages: ['n8n-core@2.41.1', 'n8n-workflow@2.41.0', '@n8n/scan-community-package@0.32.0'],
    rebuild: [],
    cost: 'a minute, 410 MB',
  },
  full: {
    folder: places.full,
    packages: ['n8n@2.41.1'],
    rebuild: ['sqlite3'],
    cost: 'four minutes, 2.9 GB',
  },
};

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/** Installs it, unless that very version is there already. A half-done install is begun anew. */
export function installOnce({ folder, packages, rebuild, cost }: Host): void {
  const recipe = JSON.stringify({ packages, rebuild, node: process.version });
  const receipt = join(folder, 'installed.json');
  if (existsSync(receipt) && readFileSync(receipt, 'utf8') === recipe) return;
  process.stdout.write(`Installing ${packages.join(', ')} into ${folder} (${cost}), once.\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  run('npm', ['install', ...packages, '--ignore-scripts', ...quiet], folder);
  if (rebuild.length > 0) run('npm', ['rebuild', ...rebuild, '--loglevel=error'], folder);
  writeFileSync(receipt, recipe);
}
