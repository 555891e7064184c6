import { readFile } from 'node:fs/promises';
import { deepFreeze } from '../manifest/deep-freeze.ts';
import type { ConnectorDefinition } from '../model/definition.ts';

const builtFile = new URL('../definition.json', import.meta.url);

/**
 * Reads the connector's own manifest, which the build compiled to `dist/definition.json`. Compiling two hundred YAML
 * files takes half a second, reading this file takes a few milliseconds. Undefined if there is no build.
 */
export async function readBuiltDefinition(file: URL = builtFile): Promise<ConnectorDefinition | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : deepFreeze(JSON.parse(text) as ConnectorDefinition);
}
