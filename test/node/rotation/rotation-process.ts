/** A child process that rotates the keys of a vault on disk, or reads and writes its rows. */
import { setTimeout } from 'node:timers/promises';
import { openVault, type Vault } from '../../../src/auth/vault.ts';
import { Secret } from '../../../src/model/secret.ts';
import { createFileKeyProvider } from '../../../src/node/key-provider.ts';
import { openSqliteStore } from '../../../src/node/sqlite-store.ts';

/** The first message of the test. */
export interface RotationOptions {
  readonly role: 'rotate' | 'readWrite';
  readonly name: string;
  readonly data: string;
  readonly keyFile: string;
}

/** The last message of a process that reads and writes. */
export interface RotationReport {
  /** The last value that it wrote to each of its rows. */
  readonly written: readonly number[];
  /** Values that differ from the last written ones, and rows that could not be read. */
  readonly issues: readonly string[];
}

export async function openVaultOnDisk({ data, keyFile }: Pick<RotationOptions, 'data' | 'keyFile'>) {
  const store = openSqliteStore(`${data}/state.sqlite`);
  return {
    store,
    vault: await openVault({ store, keys: createFileKeyProvider({ file: keyFile, dataFolder: data }) }),
  };
}

export const rowsPerProcess = 5;

export function rowName(processName: string, row: number) {
  return { connection: processName, field: `row ${row}` };
}

async function rotateForever(vault: Vault): Promise<never> {
  for (;;) {
    await vault.rotate();
    await setTimeout(5);
  }
}

async function readWriteUntilStopped(vault: Vault, processName: string): Promise<RotationReport> {
  let stop = false;
  process.once('message', () => {
    stop = true;
  });
  const written = Array<number>(rowsPerProcess).fill(0);
  const issues: string[] = [];
  for (let n = 0; !stop; n += 1) {
    const row = n % rowsPerProcess;
    try {
      await writeNext(vault, rowName(processName, row), { last: written[row]!, issues });
      written[row]! += 1;
    } catch (error) {
      issues.push(String(error));
    }
  }
  return { written, issues };
}

/** Increments the value. A rotation at the same time changes the version of the row, but not its value. */
async function writeNext(
  vault: Vault,
  name: ReturnType<typeof rowName>,
  { last, issues }: { readonly last: number; readonly issues: string[] },
): Promise<void> {
  for (;;) {
    const row = await vault.read(name);
    const value = row === undefined ? 0 : Number(row.secret.reveal());
    if (value !== last) issues.push(`${name.connection} ${name.field}: ${value} instead of ${last}`);
    const next = { secret: new Secret(String(last + 1)), note: {} };
    if (await vault.replace(name, next, row?.version)) return;
  }
}

// The test imports this module too, in a worker of mocha, which has a parent process as well.
if (import.meta.main) {
  process.once('message', async (options: RotationOptions) => {
    const { vault } = await openVaultOnDisk(options);
    process.send!('ready');
    if (options.role === 'rotate') await rotateForever(vault);
    process.send!(await readWriteUntilStopped(vault, options.name), () => process.disconnect());
  });
}
