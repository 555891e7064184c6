import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packTarballs, type Tarball } from '../../scripts/support/pack-tarballs.ts';

/** The packages of this clone, built and packed. */
export interface PackedPackages {
  /** A temporary folder, removed when the process ends. */
  readonly folder: string;
  readonly tarballs: readonly Tarball[];
  /** The .tgz file of a package. */
  fileOf(name: string): string;
}

let packed: Promise<PackedPackages> | undefined;

/** Builds and packs all packages the first time it is called; the files of the suite share the result. */
export function packedPackages(): Promise<PackedPackages> {
  packed ??= pack();
  return packed;
}

async function pack(): Promise<PackedPackages> {
  const folder = mkdtempSync(join(tmpdir(), 'd365-packed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  // A release publishes the very files that were tested.
  const tarballs = await packTarballs(process.env.TARBALLS ?? folder);
  return {
    folder,
    tarballs,
    fileOf(name) {
      const tarball = tarballs.find((one) => one.name === name);
      if (tarball === undefined) throw new Error(`No package of this repo is called "${name}".`);
      return tarball.file;
    },
  };
}
