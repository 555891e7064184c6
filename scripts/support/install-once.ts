import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, runCommand } from './run-command.ts';

/** A host of ours that tests need and the product does not. */
export interface ExternalInstall {
  /** Its folder in `.cache`, which may be deleted at any time. */
  readonly name: string;
  /** `name@version` */
  readonly packages: readonly string[];
  /** Packages whose native part is compiled here; no other install script runs. */
  readonly rebuild?: readonly string[];
  /** What to expect, for whoever waits: "a minute, 410 MB". */
  readonly expectedCost: string;
}

/** Where a guest is installed. */
export function installFolder({ name }: Pick<ExternalInstall, 'name'>): string {
  return join(repositoryRoot, '.cache', name);
}

const quietFlags = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs a guest outside our dependencies, unless these very versions are there already; answers its folder. A
 * half-done install is begun anew.
 */
export function installOnce(install: ExternalInstall): string {
  const { packages, rebuild = [], expectedCost } = install;
  const folder = installFolder(install);
  const recipe = JSON.stringify({ packages, rebuild, node: process.version });
  const receipt = join(folder, 'installed.json');
  if (existsSync(receipt) && readFileSync(receipt, 'utf8') === recipe) return folder;
  process.stdout.write(`Installing ${packages.join(', ')} into ${folder} (${expectedCost}), once.\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  runCommand('npm', ['install', ...packages, '--ignore-scripts', ...quietFlags], folder);
  if (rebuild.length > 0) runCommand('npm', ['rebuild', ...rebuild, '--loglevel=error'], folder);
  writeFileSync(receipt, recipe);
  return folder;
}
