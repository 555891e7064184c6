import { compileManifest } from '../../src/manifest/compile-manifest.ts';
import type { ConnectorDefinition } from '../../src/model/definition.ts';
import { readManifestFiles } from '../../src/node/manifest-files.ts';

const compiled = compileManifest(await readManifestFiles());

/** Our own manifest, compiled once for all pages. */
export const definition: ConnectorDefinition = compiled.definition!;
