import { chmodSync, copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildN8nPackage } from '../../packages/n8n/scripts/build.ts';
import { writeDefinition } from '../write-definition.ts';
import { repositoryRoot, runCommand } from './run-command.ts';
import type { PackageFolder } from './workspace-packages.ts';

/** What a build does after the compiler, for each package. */
const extraSteps: Partial<Record<PackageFolder, (folder: string) => void | Promise<void>>> = {
  '.': (folder) => writeDefinition(join(folder, 'dist/definition.json')),
  'packages/sandbox': (folder) => copyIntoDist(folder, 'model/tables.json'),
  'packages/node-red': (folder) => copyIntoDist(folder, 'dynamics365.html'),
  'packages/cli': (folder) => chmodSync(join(folder, 'dist/main.js'), 0o755),
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
    const compiler = join(repositoryRoot, 'node_modules/typescript/bin/tsc');
    runCommand(process.execPath, [compiler, '-p', join(folder, 'tsconfig.build.json')]);
    await extraSteps[name]?.(folder);
  }
  if (name === '.') return;
  for (const file of ['LICENSE', 'CHANGELOG.md']) {
    copyFileSync(join(repositoryRoot, file), join(folder, file));
  }
}

/** Copies a file that is no TypeScript beside the code that reads it. */
function copyIntoDist(folder: string, file: string): void {
  copyFileSync(join(folder, 'src', file), join(folder, 'dist', file));
}
