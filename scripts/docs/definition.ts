import { compileManifest } from '../../src/manifest/compile-manifest.ts';
import type { ConnectorDefinition } from '../../src/model/definition.ts';
import { readManifestFiles } from '../../src/node/manifest-files.ts';

/** The manifest of this repo, compiled once for all pages. */
export const definition: ConnectorDefinition = await compileOwnManifest();

async function compileOwnManifest(): Promise<ConnectorDefinition> {
  const compiled = compileManifest(await readManifestFiles());
  if (compiled.definition === undefined)
    throw new Error('The manifest has errors. Run `npm run d365 -- check`.');
  return compiled.definition;
}
