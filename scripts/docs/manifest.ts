import { compileManifest } from '../../src/manifest/compile.ts';
import type { Definition } from '../../src/model/definition.ts';
import { readManifestFiles } from '../../src/node/manifest-files.ts';

const compiled = compileManifest(await readManifestFiles());

/** Our own manifest, compiled once for all pages. */
export const definition: Definition = compiled.definition!;
