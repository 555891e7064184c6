import { join } from 'node:path';
import { ask } from './run.ts';

/** Builds and packs the product into a folder; answers the tarball. */
export function pack(folder: string): string {
  const [packed] = JSON.parse(ask('npm', ['pack', '--json', '--pack-destination', folder])) as [
    { readonly filename: string },
  ];
  return join(folder, packed.filename);
}
