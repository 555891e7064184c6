import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConnectorError } from '../errors/connector-error.ts';

const folders = ['actions', 'triggers', 'schemas/tables'];

/** The folder of this package's manifest. `src/node` and `dist/node` have the same depth. */
export const packageFolder = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Reads a manifest: connector.yaml and the .yaml files of actions/, triggers/ and schemas/tables/. The keys of the
 * result are paths relative to the folder, with forward slashes. A missing folder counts as empty. Throws
 * MANIFEST_UNREADABLE if a file cannot be read.
 */
export async function readManifestFiles(folder = packageFolder): Promise<ReadonlyMap<string, string>> {
  const listed = await Promise.all(folders.map((name) => listYaml(folder, name)));
  const names = ['connector.yaml', ...listed.flat()];
  const files = await Promise.all(
    names.map(async (name): Promise<[string, string]> => {
      return [name, await readOrThrow(folder, name, (path) => readFile(path, 'utf8'))];
    }),
  );
  return new Map(files);
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

async function readOrThrow<T>(folder: string, name: string, read: (path: string) => Promise<T>): Promise<T> {
  const path = join(folder, name);
  try {
    return await read(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConnectorError('MANIFEST_UNREADABLE', `${path} could not be read (${code}).`);
  }
}
