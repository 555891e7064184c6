import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.ts';

/** A host of ours that tests need and the product does not. */
export interface Guest {
  /** Its folder in `.cache`, which may be deleted at any time. */
  readonly name: string;
  /** `name@version` */
  readonly packages: readonly string[];
  /** Packages whose native part is compiled here; no other install script runs. */
  readonly rebuild?: readonly string[];
  /** What to expect, for whoever waits: "a minute, 410 MB". */
  readonly cost: string;
}

/** Where a guest is installed. */
export function folderOf({ name }: Pick<Guest, 'name'>): string {
  return join(root, '.cache', name);
}

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs a guest outside our dependencies, unless these very versions are there already; answers its folder. A
 * half-done install is begun anew.
 */
export function installOnce(guest: Guest): string {
  const { packages, rebuild = [], cost } = guest;
  const folder = folderOf(guest);
  const recipe = JSON.stringify({ packages, rebuild, node: process.version });
  const receipt = join(folder, 'installed.json');
  if (existsSync(receipt) && readFileSync(receipt, 'utf8') === recipe) return folder;
  process.stdout.write(`Installing ${packages.join(', ')} into ${folder} (${cost}), once.\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  run('npm', ['install', ...packages, '--ignore-scripts', ...quiet], folder);
  if (rebuild.length > 0) run('npm', ['rebuild', ...rebuild, '--loglevel=error'], folder);
  writeFileSync(receipt, recipe);
  return folder;
}
