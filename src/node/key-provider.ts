import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { KeyProvider } from '../auth/key-ring.ts';
import { ConnectorError } from '../errors/connector-error.ts';
import { Secret } from '../model/secret.ts';
import { assertOptions, assertText, type OptionsRule } from '../validation/assert-options.ts';
import { openSqliteFile } from './sqlite.ts';

/** Reads vault keys from an environment variable, for containers and services. It cannot store a new key. */
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

/** The key file, and the folder of the encrypted data. */
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
 * Stores vault keys in a file that only its owner can read. Throws SETTING_INVALID if the file is inside `dataFolder`,
 * because a copy of the data, such as a backup, must not contain the keys.
 */
export function createFileKeyProvider(options: FileKeyOptions): KeyProvider {
  const given = assertOptions(options, fileKeyRule);
  const file = resolve(assertText(given.file, 'The key file', 'SETTING_INVALID'));
  const dataFolder = assertText(given.dataFolder, 'The data folder', 'SETTING_INVALID');
  const relativePath = relative(resolve(dataFolder), file);
  if (!relativePath.startsWith('..') && !isAbsolute(relativePath)) {
    throw settingError(
      `The key file ${file} is inside the data folder.`,
      'Store it in a folder that is not backed up together with the data.',
    );
  }
  return {
    async load() {
      try {
        await checkMode(file);
        return new Secret(await readFile(file, 'utf8'));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        if (error instanceof ConnectorError) throw error;
        throw settingError(`The key file ${file} cannot be read.`, 'Check its owner and its permissions.');
      }
    },
    create: (keys) => createOnce(file, keys),
    prepend: async (key) => prependKey(file, key),
  };
}

async function checkMode(file: string): Promise<void> {
  const { mode } = await stat(file);
  // Windows has no permission bits: `stat` always reports them as set.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw settingError(`The key file ${file} can be read by other users.`, `Run: chmod 600 ${file}`);
}

/** If several processes start at the same time, one creates the key, and no process reads an incomplete file. */
async function createOnce(file: string, keys: Secret): Promise<void> {
  const draft = `${file}.${randomUUID()}.new`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(draft, `${keys.reveal()}\n`, { mode: 0o600, flush: true });
    // Unlike a rename, a link fails if the file exists.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } catch {
    throw settingError(`The key file ${file} cannot be written.`, 'Check the permissions of its folder.');
  } finally {
    await rm(draft, { force: true }).catch(() => {});
  }
}

/**
 * Holds a SQLite lock, which the operating system releases when the process ends. Without it, two rotations at the same
 * time would each write the file without the other's new key, and the rows encrypted with that key would be lost.
 */
function prependKey(file: string, key: Secret): void {
  const lock = openSqliteFile(`${file}.lock`, '');
  try {
    lock.transaction(() => replaceFile(file, `${key.reveal()}\n${readFileSync(file, 'utf8')}`));
  } catch {
    throw settingError(
      `The key file ${file} cannot be written.`,
      'Check the permissions of the file and its folder.',
    );
  } finally {
    lock.close();
  }
}

/** Replaces the file atomically, and writes it to the disk before a row is encrypted with the new key. */
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
  if (process.platform === 'win32') return; // Windows cannot open a folder.
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}

function settingError(problem: string, advice: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', problem, { advice });
}
