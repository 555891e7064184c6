import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, runCommand } from './run-command.ts';

/** Packages that some tests need and that are no dependencies of this repo. */
export interface ExternalInstall {
  /** Name of the folder in `.cache`, which may be deleted at any time. */
  readonly name: string;
  /** `name@version` */
  readonly packages: readonly string[];
  /** Packages whose native part is compiled after the installation; no other install script runs. */
  readonly rebuild?: readonly string[];
  /** Duration and size, shown before the installation: "a minute, 410 MB". */
  readonly expectedCost: string;
}

/** Returns the folder of an installation, which may not exist yet. */
export function installFolder({ name }: Pick<ExternalInstall, 'name'>): string {
  return join(repositoryRoot, '.cache', name);
}

const quietFlags = ['--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs packages into a folder of `.cache`, unless the same versions are there already for the same Node.js version.
 * An incomplete installation is removed first.
 *
 * @returns The folder with `node_modules`.
 */
export function installOnce(install: ExternalInstall): string {
  const { packages, rebuild = [], expectedCost } = install;
  const folder = installFolder(install);
  const content = JSON.stringify({ packages, rebuild, node: process.version });
  const installedFile = join(folder, 'installed.json');
  if (existsSync(installedFile) && readFileSync(installedFile, 'utf8') === content) return folder;
  process.stdout.write(`Installing ${packages.join(', ')} into ${folder} (${expectedCost}), once.\n`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  runCommand('npm', ['install', ...packages, '--ignore-scripts', ...quietFlags], folder);
  if (rebuild.length > 0) runCommand('npm', ['rebuild', ...rebuild, '--loglevel=error'], folder);
  writeFileSync(installedFile, content);
  return folder;
}
