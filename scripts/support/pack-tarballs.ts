import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildPackage } from './build-package.ts';
import { captureCommand, repositoryRoot } from './run-command.ts';
import { packageFolders } from './workspace-packages.ts';

/** A package as npm packed it. */
export interface Tarball {
  readonly name: string;
  /** Absolute path of the .tgz file. */
  readonly file: string;
  /** Paths inside the package. */
  readonly contents: readonly string[];
}

interface PackReport {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Builds every package once and packs all of them into a folder. */
export async function packTarballs(folder: string): Promise<readonly Tarball[]> {
  mkdirSync(folder, { recursive: true });
  for (const name of packageFolders) await buildPackage(name);
  const quiet = ['--json', '--foreground-scripts=false'];
  const args = ['pack', '--workspaces', ...quiet, '--pack-destination', folder];
  const output = captureCommand('npm', args, repositoryRoot, { SKIP_BUILD: '1' });
  return (JSON.parse(output) as readonly PackReport[]).map(({ name, filename, files }) => ({
    name,
    file: join(folder, filename),
    contents: files.map(({ path }) => path),
  }));
}
