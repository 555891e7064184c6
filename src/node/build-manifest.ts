import { join } from 'node:path';
import type { CompileResult } from '../manifest/compile-manifest.ts';
import { writeBuiltDefinition } from './built-definition.ts';
import { readManifest } from './read-manifest.ts';

/**
 * Compiles a manifest into `dist/definition.json` of its folder, which is loaded instead of the YAML, and records the
 * files of all packages. Nothing is written if there are errors.
 *
 * @param manifest the folder of the manifest
 * @param out another folder for the files; only `dist` of the manifest is found when it is loaded
 */
export async function buildManifest(manifest: string, out = join(manifest, 'dist')): Promise<CompileResult> {
  const { compileManifest } = await import('../manifest/compile-manifest.ts');
  const { packages, diagnostics } = await readManifest(manifest);
  if (diagnostics.length > 0) return { diagnostics };
  const result = compileManifest(packages);
  if (result.definition !== undefined) writeBuiltDefinition(out, result.definition, packages);
  return result;
}
