import type { ManifestPackages } from '../manifest/read/collect-packages.ts';
import { checkBuilds } from './built-definition.ts';
import { createPackageReader, packageFolder, resolveManifest } from './manifest-folder.ts';

/**
 * Reads the YAML files of a manifest and of all connectors that it extends. The packages are incomplete if there are
 * diagnostics. Throws MANIFEST_UNREADABLE if the folder or a file cannot be read.
 *
 * @param manifest the folder of the manifest; that of this package by default
 */
export async function readManifest(manifest: string = packageFolder): Promise<ManifestPackages> {
  // Imported here, so that programs with a built manifest do not load the YAML parser.
  const { collectPackages } = await import('../manifest/read/collect-packages.ts');
  const folder = resolveManifest(manifest);
  const { packages, diagnostics } = collectPackages(folder, createPackageReader(folder));
  const bases = packages.filter((one) => one.folder !== folder);
  return { packages, diagnostics: [...diagnostics, ...checkBuilds(bases)] };
}
