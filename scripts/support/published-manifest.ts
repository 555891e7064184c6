import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Fields that only a clone needs: how it is built, tested and laid out. */
const cloneOnlyFields = ['scripts', 'devDependencies', 'workspaces', 'allowScripts', 'imports'];

/** Holds the package.json of the clone while npm packs the published one. */
const backupName = '.package.json.clone';

/**
 * The package.json that is published: without the fields that only a clone needs, and without the export condition
 * `development`, which names sources that no tarball contains. Bundlers such as Vite set that condition themselves.
 */
export function toPublishedManifest(manifest: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(manifest).filter(([field]) => !cloneOnlyFields.includes(field));
  return Object.fromEntries(
    kept.map(([field, value]) => [field, field === 'exports' ? withoutSources(value as Exports) : value]),
  );
}

type Exports = Readonly<Record<string, string | Readonly<Record<string, string>>>>;

function withoutSources(exports: Exports): Exports {
  return Object.fromEntries(
    Object.entries(exports).map(([subpath, target]) => {
      if (typeof target === 'string') return [subpath, target];
      const { development: _, ...published } = target;
      return [subpath, published];
    }),
  );
}

/** Replaces the package.json of a folder by the published one, until `restoreManifest`. */
export function usePublishedManifest(folder: string): void {
  const file = join(folder, 'package.json');
  const text = readFileSync(file, 'utf8');
  writeFileSync(join(folder, backupName), text);
  writeFileSync(file, `${JSON.stringify(toPublishedManifest(JSON.parse(text)), undefined, 2)}\n`);
}

/** Brings back the package.json of the clone, also after a pack that was interrupted. */
export function restoreManifest(folder: string): void {
  const backup = join(folder, backupName);
  if (existsSync(backup)) renameSync(backup, join(folder, 'package.json'));
}
