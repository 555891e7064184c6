import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { buildN8nPackage } from '../../packages/n8n/scripts/build.ts';
import { writeDefinition } from '../write-definition.ts';
import { writeConsole } from './build-console.ts';
import { bundlePackage } from './bundle-package.ts';
import { repositoryRoot } from './run-command.ts';
import type { PackageFolder } from './workspace-packages.ts';
import { writeHelp } from './write-help.ts';

/** What a build does after the bundler, for each package. */
const extraSteps: Partial<Record<PackageFolder, (folder: string) => void | Promise<void>>> = {
  '.': (folder) => writeDefinition(join(folder, 'dist')),
  'packages/sandbox': (folder) => copyIntoDist(folder, 'model/tables.json'),
  'packages/service': writeConsole,
  'packages/cli': writeHelp,
  'packages/node-red': (folder) =>
    copyIntoDist(
      folder,
      'dynamics365.html',
      'icons/dynamics365.svg',
      'locales/en-US/dynamics365.html',
      'locales/en-US/dynamics365.json',
    ),
};

/**
 * Builds one package into its `dist`, from nothing. The packages that it uses must be built: the compiler reads
 * their declarations. LICENSE and CHANGELOG.md are copied beside its package.json, because npm packs only files below it.
 */
export async function buildPackage(name: PackageFolder): Promise<void> {
  const folder = join(repositoryRoot, name);
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  if (name === 'packages/n8n') await buildN8nPackage(folder);
  else {
    await bundlePackage(folder);
    await extraSteps[name]?.(folder);
  }
  if (name === '.') return;
  for (const file of ['LICENSE', 'CHANGELOG.md']) {
    copyFileSync(join(repositoryRoot, file), join(folder, file));
  }
}

/** Copies files that are no TypeScript beside the bundle that reads them; icons and texts stay in their folders. */
function copyIntoDist(folder: string, ...files: readonly string[]): void {
  for (const file of files) {
    const copy = join(folder, 'dist', /^(icons|locales)\//.test(file) ? file : basename(file));
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(join(folder, 'src', file), copy);
  }
}
