import { buildManifest } from '../src/node/build-manifest.ts';
import { packageFolder } from '../src/node/manifest-folder.ts';

/** Compiles our own manifest into JSON files of the build, so that a program does not compile it at every start. */
export async function writeDefinition(folder: string): Promise<void> {
  const { definition } = await buildManifest(packageFolder, folder);
  if (definition === undefined) throw new Error('The manifest has errors. Run `npm run d365 -- check`.');
}
