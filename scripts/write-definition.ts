import { writeFileSync } from 'node:fs';
import { runtimeOf } from '../src/client/connector.ts';
import { loadConnector } from '../src/node/load-connector.ts';
import { packageFolder } from '../src/node/manifest-files.ts';

/** Compiles our own manifest into a JSON file of the build, so that a program does not compile it at every start. */
export async function writeDefinition(file: string): Promise<void> {
  const { definition } = runtimeOf(await loadConnector({ folder: packageFolder }));
  writeFileSync(file, JSON.stringify(definition));
}
