import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

/** A folder whose files are in memory, on Linux. */
const memory = '/dev/shm';
const prefix = 'd365-tests-';
const minFreeBytes = 4 * 2 ** 30;

/**
 * Keeps the temporary files of the tests in memory, if there is enough of it: a store waits for the disk at each commit.
 * Tests end processes and not the machine, so none needs a disk. The processes of mocha inherit the folder.
 */
if (process.env.MOCHA_WORKER_ID === undefined && isLargeEnough()) {
  removeFoldersOfEndedProcesses();
  const folder = mkdtempSync(join(memory, `${prefix}${process.pid}-`));
  // PostgreSQL runs as another user.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
}

/** Mocha calls it once, also for several processes. */
export function mochaGlobalTeardown(): void {
  const folder = process.env.TMPDIR;
  if (folder?.startsWith(join(memory, prefix)))
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function isLargeEnough(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory);
    const mount = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[1] === memory);
    return bavail * bsize >= minFreeBytes && mount !== undefined && !mount.includes('noexec');
  } catch {
    return false;
  }
}

/** Of runs that were killed. */
function removeFoldersOfEndedProcesses(): void {
  for (const name of readdirSync(memory)) {
    const [, pid] = name.match(`^${prefix}(\\d+)-`) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(memory, name), { recursive: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
