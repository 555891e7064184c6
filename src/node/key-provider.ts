import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { KeyProvider } from '../auth/key-ring.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { Secret } from '../model/secret.ts';
import { assertOptions, assertText, type OptionsRule } from '../validation/assert-options.ts';
import { openSqliteFile } from './sqlite.ts';

/** Vault keys from an environment variable, for containers and services. It cannot keep a new key. */
export function createEnvKeyProvider(
  env: Readonly<Record<string, string | undefined>>,
  variable = 'D365_VAULT_KEYS',
): KeyProvider {
  return {
    async load() {
      const text = env[variable];
      return text === undefined || text.trim() === '' ? undefined : new Secret(text);
    },
  };
}

/** Where the vault's keys are, and where the data is that they seal. */
export interface FileKeyOptions {
  readonly file: string;
  readonly dataFolder: string;
}

const fileKeyRule: OptionsRule<FileKeyOptions> = {
  of: 'createFileKeyProvider',
  types: { file: 'text', dataFolder: 'text' },
  code: 'SETTING_INVALID',
};

/**
 * Vault keys in a file that only its owner may read. It must lie outside `dataFolder`: whoever copies the data
 * (a backup, say) shall not have copied the key with it.
 */
export function createFileKeyProvider(options: FileKeyOptions): KeyProvider {
  const given = assertOptions(options, fileKeyRule);
  const file = resolve(assertText(given.file, 'The key file', 'SETTING_INVALID'));
  const dataFolder = assertText(given.dataFolder, 'The data folder', 'SETTING_INVALID');
  const fromData = relative(resolve(dataFolder), file);
  if (!fromData.startsWith('..') && !isAbsolute(fromData)) {
    throw settingError(`The key file ${file} lies inside the data folder.`, 'Keep it somewhere else.');
  }
  return {
    async load() {
      try {
        await checkMode(file);
        return new Secret(await readFile(file, 'utf8'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        if (error instanceof ConnectorError) throw error;
        throw settingError(`The key file ${file} cannot be read.`, 'Check its owner and its rights.');
      }
    },
    create: (keys) => createOnce(file, keys),
    prepend: async (key) => prependKey(file, key),
  };
}

async function checkMode(file: string): Promise<void> {
  const { mode } = await stat(file);
  // Windows has no such bits: stat always reports them as set there.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw settingError(`The key file ${file} can be read by others.`, `Run: chmod 600 ${file}`);
}

/** Of several processes that start together, one makes the key, and none ever reads half of it. */
async function createOnce(file: string, keys: Secret): Promise<void> {
  const draft = `${file}.${randomUUID()}.new`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${keys.reveal()}\n`, { mode: 0o600, flush: true });
    // A link, unlike a rename, fails when the name is taken.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } catch {
    throw settingError(`The key file ${file} cannot be written.`, 'Check the rights of its folder.');
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
}

/**
 * The lock is SQLite's, which the system gives back when its holder dies, however it dies. Without one, two
 * rotations at the same time would each write the file without the other's key, and what that key had sealed by
 * then could never be opened.
 */
function prependKey(file: string, key: Secret): void {
  const lock = openSqliteFile(`${file}.lock`, '');
  try {
    lock.transaction(() => replaceFile(file, `${key.reveal()}\n${readFileSync(file, 'utf8')}`));
  } catch {
    throw settingError(
      `The key file ${file} cannot be written.`,
      'Check the rights of the file and its folder.',
    );
  } finally {
    lock.close();
  }
}

/** Old or new, never half; and on the disk before a row is sealed with it. Under the lock one draft is enough. */
function replaceFile(file: string, text: string): void {
  const draft = `${file}.new`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    renameSync(draft, file);
    flushFolder(dirname(file));
  } finally {
    rmSync(draft, { force: true });
  }
}

function flushFolder(folder: string): void {
  if (process.platform === 'win32') return; // it has no such call
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function settingError(problem: string, advice: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', problem, { advice });
}
