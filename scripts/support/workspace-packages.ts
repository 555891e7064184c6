import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './run-command.ts';

/** What npm and our scripts read of a package.json. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** The folders of the published packages, in the order in which they build: each after those that it uses. */
export const packageFolders = [
  '.',
  'packages/sandbox',
  'packages/worker',
  'packages/mirror',
  'packages/mcp',
  'packages/service',
  'packages/node-red',
  'packages/cli',
  'packages/n8n',
  'packages/activepieces',
] as const;

export type PackageFolder = (typeof packageFolders)[number];

/** Reads the package.json of a package; `folder` is relative to the root of the repo. */
export function readManifest(folder: string): PackageManifest {
  return JSON.parse(readFileSync(join(repositoryRoot, folder, 'package.json'), 'utf8'));
}

/** `dynamics365-connector-mcp` or `packages/mcp` -> `packages/mcp`. */
export function findPackageFolder(nameOrFolder: string): PackageFolder {
  const found = packageFolders.find(
    (folder) => folder === nameOrFolder || readManifest(folder).name === nameOrFolder,
  );
  if (found === undefined) throw new Error(`No package of this repo is called "${nameOrFolder}".`);
  return found;
}

/** A package and the packages of this repo that it needs, in build order. */
export function withDependencies(folder: PackageFolder): readonly PackageFolder[] {
  const { dependencies = {}, devDependencies = {} } = readManifest(folder);
  const needed = folder === '.' ? [] : Object.keys({ ...dependencies, ...devDependencies });
  const folders = new Set<PackageFolder>([folder]);
  for (const name of needed) {
    const other = packageFolders.find((candidate) => readManifest(candidate).name === name);
    if (other !== undefined) for (const one of withDependencies(other)) folders.add(one);
  }
  return packageFolders.filter((candidate) => folders.has(candidate));
}
