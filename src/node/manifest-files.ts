import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConnectorError } from '../errors/connector-error.ts';

const folders = ['actions', 'triggers', 'schemas/tables'];

/** Where the manifest of this package is; `src/node` and `dist/node` lie equally deep. */
export const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Reads a manifest: connector.yaml and the .yaml files of actions/, triggers/ and schemas/tables/. Keys are
 * paths relative to the folder, with forward slashes; a folder that does not exist holds nothing.
 */
export async function readManifestFiles(folder = packageFolder): Promise<ReadonlyMap<string, string>> {
  const listed = await Promise.all(folders.map((name) => listYaml(folder, name)));
  const names = ['connector.yaml', ...listed.flat()];
  const texts = await Promise.all(
    names.map((name) => readOrThrow(folder, name, (path) => readFile(path, 'utf8'))),
  );
  return new Map(names.map((name, index) => [name, texts[index]!]));
}

async function listYaml(folder: string, name: string): Promise<string[]> {
  const entries = await readOrThrow(folder, name, (path) =>
    readdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    }),
  );
  return entries
    .filter((entry) => entry.endsWith('.yaml'))
    .sort()
    .map((entry) => `${name}/${entry}`);
}

async function readOrThrow<T>(folder: string, name: string, work: (path: string) => Promise<T>): Promise<T> {
  const path = join(folder, name);
  try {
    return await work(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConnectorError('MANIFEST_UNREADABLE', `${path} could not be read (${code}).`);
  }
}
