import { readFile } from 'node:fs/promises';
import { ConnectorError, type MetadataSource } from 'dynamics365-connector';
import { readSnapshot } from 'dynamics365-connector/authoring';

/** Reads a snapshot that `d365 metadata pull` wrote. SETTING_INVALID if the file cannot be read. */
export async function readSnapshotFile(file: string): Promise<MetadataSource> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `The snapshot ${file} cannot be read (${error.code}).`, {
      advice: 'Create a snapshot with `d365 metadata pull`.',
    });
  });
  return readSnapshot(text);
}
