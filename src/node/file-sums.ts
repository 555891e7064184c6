import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { listPackageFiles } from './manifest-folder.ts';

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
 * The same for the manifest of a package as it was installed. A file that has its length, and was not written after the
 * installation, is not read: it is what was packed.
 *
 * @param packed the sums of the files when the package was packed
 * @param installedAt when one of its files was written, in milliseconds since 1970
 */
export function sumInstalledFiles(folder: string, packed: FileSums, installedAt: number): FileSums {
  const sums = [...listPackageFiles(folder)].map(([file, { size, mtimeMs }]) => {
    const sum = packed[file];
    const isUntouched = sum?.startsWith(`${size}-`) && mtimeMs <= installedAt + installationMs;
    return [file, isUntouched ? sum : sumText(readFileSync(join(folder, file), 'utf8'))];
  });
  return Object.fromEntries(sums);
}
