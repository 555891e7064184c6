import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of a soak test. */
export interface SoakFolder {
  readonly path: string;
  /** For the data of the store. */
  readonly data: string;
  /** Uses all free space of the data. Undefined if they are not on a disk of their own. */
  readonly fill?: () => void;
  /** Makes the space of `fill` free. */
  free(): void;
  remove(): void;
}

const smallDiskMb = 400;

/**
 * Creates the folder. If the test fills the disk, the data are on a small one in memory, which only root can mount, and
 * only on Linux.
 */
export function createSoakFolder({ isSmallDisk }: { readonly isSmallDisk: boolean }): SoakFolder {
  const path = mkdtempSync(join(tmpdir(), 'd365-soak-'));
  const data = join(path, 'data');
  const ballast = join(data, 'ballast');
  mkdirSync(data);
  // PostgreSQL runs as another user.
  chmodSync(path, 0o755);
  const free = () => rmSync(ballast, { force: true });
  if (!isSmallDisk) return { path, data, free, remove: () => rmSync(path, { recursive: true }) };
  run('mount', ['-t', 'tmpfs', '-o', `size=${smallDiskMb}m`, 'tmpfs', data]);
  return {
    path,
    data,
    fill: () => fillDisk(ballast),
    free,
    remove() {
      run('umount', [data]);
      rmSync(path, { recursive: true });
    },
  };
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}

/** Writes zeros until the disk is full, with smaller and smaller blocks. */
function fillDisk(file: string): void {
  const handle = openSync(file, 'w');
  for (let size = 1 << 20; size >= 1 << 9; size >>= 1) {
    const block = Buffer.alloc(size);
    while (canWrite(handle, block)) {}
  }
  closeSync(handle);
}

function canWrite(handle: number, block: Buffer): boolean {
  try {
    return writeSync(handle, block) === block.length;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
