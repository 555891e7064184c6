import { join } from 'node:path';
import { captureCommand } from './run-command.ts';

/** Builds and packs the product into a folder; answers the tarball. */
export function packTarball(folder: string): string {
  const [packed] = JSON.parse(captureCommand('npm', ['pack', '--json', '--pack-destination', folder])) as [
    { readonly filename: string },
  ];
  return join(folder, packed.filename);
}
