import { readFile } from 'node:fs/promises';
import { ConnectorError } from '../errors/connector-error.ts';
import type { MetadataSource } from '../metadata/service.ts';
import { readSnapshot } from '../metadata/snapshot.ts';

/** A snapshot that `d365 metadata pull` wrote. SETTING_INVALID when it cannot be read. */
export async function readSnapshotFile(file: string): Promise<MetadataSource> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConnectorError('SETTING_INVALID', `The snapshot ${file} cannot be read (${error.code}).`, {
      advice: 'Take one with `d365 metadata pull`.',
    });
  });
  return readSnapshot(text);
}
