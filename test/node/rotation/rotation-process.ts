/** A process that works with a vault on disk: one that rotates its keys, or one that reads and writes. */
import { setTimeout } from 'node:timers/promises';
import { openVault, type Vault } from '../../../src/auth/vault.ts';
import { Secret } from '../../../src/model/secret.ts';
import { createFileKeyProvider } from '../../../src/node/key-provider.ts';
import { openSqliteStore } from '../../../src/node/sqlite-store.ts';

/** What the test says first. */
export interface RotationOptions {
  readonly role: 'rotate' | 'work';
  readonly name: string;
  readonly data: string;
  readonly keyFile: string;
}

/** What a worker has to say when it is told to stop. */
export interface RotationReport {
  /** The last value that it wrote, of each of its rows. */
  readonly written: readonly number[];
  /** What was not as it had left it, and what could not be read. */
  readonly faults: readonly string[];
}

export async function openVaultOnDisk({ data, keyFile }: Pick<RotationOptions, 'data' | 'keyFile'>) {
  const store = openSqliteStore(`${data}/state.sqlite`);
  return {
    store,
    vault: await openVault({ store, keys: createFileKeyProvider({ file: keyFile, dataFolder: data }) }),
  };
}

export const rowsEach = 5;

export function rowName(worker: string, row: number) {
  return { connection: worker, field: `row ${row}` };
}

async function rotateForever(vault: Vault): Promise<never> {
  for (;;) {
    await vault.rotate();
    await setTimeout(5);
  }
}

async function workUntilTold(vault: Vault, worker: string): Promise<RotationReport> {
  let stop = false;
  process.once('message', () => {
    stop = true;
  });
  const written = Array<number>(rowsEach).fill(0);
  const faults: string[] = [];
  for (let turn = 0; !stop; turn += 1) {
    const row = turn % rowsEach;
    try {
      await writeNext(vault, rowName(worker, row), { last: written[row]!, faults });
      written[row]! += 1;
    } catch (error) {
      faults.push(String(error));
    }
  }
  return { written, faults };
}

/** Counts one up; whoever seals the row again meanwhile changes its version and never its value. */
async function writeNext(
  vault: Vault,
  name: ReturnType<typeof rowName>,
  { last, faults }: { readonly last: number; readonly faults: string[] },
): Promise<void> {
  for (;;) {
    const row = await vault.read(name);
    const value = row === undefined ? 0 : Number(row.secret.reveal());
    if (value !== last) faults.push(`${name.connection} ${name.field}: ${value} instead of ${last}`);
    const next = { secret: new Secret(String(last + 1)), note: {} };
    if (await vault.replace(name, next, row?.version)) return;
  }
}

if (process.send !== undefined) {
  process.once('message', async (orders: RotationOptions) => {
    const { vault } = await openVaultOnDisk(orders);
    process.send!('ready');
    if (orders.role === 'rotate') await rotateForever(vault);
    process.send!(await workUntilTold(vault, orders.name), () => process.disconnect());
  });
}
