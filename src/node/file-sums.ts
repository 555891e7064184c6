import { existsSync, lstatSync, readdirSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { manifestFolders } from './manifest-folder.ts';

/** The length in bytes and the CRC-32 of files, by name. How their lines end does not count. */
export type FileSums = Readonly<Record<string, string>>;

export function sumFiles(files: ReadonlyMap<string, string>): FileSums {
  return Object.fromEntries([...files].map(([file, text]) => [file, sumText(text)]));
}

/** Nobody hides a change here, and to load OpenSSL for a digest would take as long as the rest of a start. */
function sumText(text: string): string {
  const lines = text.replaceAll('\r\n', '\n');
  return `${Buffer.byteLength(lines)}-${crc32(lines)}`;
}

/** An installation writes the files of a package in any order. */
const installationMs = 60_000;

/**
 * Whether the manifest of an installed package has the files that were packed, and no others. None is read: a file that has
 * its length, and was not written after the installation, is what was packed. False if this does not tell, as of a link.
 *
 * @param packed the sums of the files when the package was packed
 * @param installedAt when one of its files was written, in milliseconds since 1970
 */
export function isAsPacked(folder: string, packed: FileSums, installedAt: number): boolean {
  const files = Object.keys(packed);
  // Each start of a program does this: no `join`, which takes longer than `lstatSync`.
  const isUntouched = (file: string) => {
    const { size, mtimeMs } = lstatSync(`${folder}/${file}`);
    return mtimeMs <= installedAt + installationMs && packed[file]?.startsWith(`${size}-`);
  };
  const countEntries = (name: string) => readdirSync(`${folder}/${name}`).length;
  try {
    if (!files.every(isUntouched) || existsSync(`${folder}/connector.yml`)) return false;
    // The packed files are there, and connector.yaml is in none of these folders.
    return manifestFolders.reduce((sum, name) => sum + countEntries(name), 1) === files.length;
  } catch {
    return false;
  }
}
