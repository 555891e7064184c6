import { writeTypes } from '../../src/engine/types/write-types.ts';
import { compileManifest } from '../../src/manifest/compile.ts';
import { readManifestFiles } from '../../src/node/manifest-files.ts';

const { definition } = compileManifest(await readManifestFiles());

/** `types/operations.d.ts`: the types of our own actions and triggers, as `d365 types` writes them. */
export function operationTypes(): string {
  return writeTypes({ definition: definition! });
}
