import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { lstat, mkdir, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ConnectorError } from 'dynamics365-connector';
import { replaceFileText } from 'dynamics365-connector/node';

/** A file of the author's folder. */
export interface AuthorFile {
  readonly file: string;
  readonly text: string;
  /** Changes with the text. */
  readonly hash: string;
}

/** The YAML files of the author's own connector. No other file is read or written. */
export interface AuthorFiles {
  list(): readonly string[];
  read(file: string): Promise<AuthorFile>;
  /**
   * Replaces a file as a whole.
   *
   * @param before the hash of the text that was edited
   * @throws CONFLICT if the file was changed by another program since
   */
  replace(file: string, text: string, before: string): Promise<AuthorFile>;
  /** Writes a file that is not there. @throws INPUT_INVALID if it is */
  create(file: string, text: string): Promise<AuthorFile>;
  /** Writes a file, or replaces it. */
  write(file: string, text: string): Promise<void>;
  /** Changes when a file is written, created or removed. */
  fingerprint(): Promise<string>;
}

const filePattern = /^(connector\.yaml|(actions|triggers|schemas\/tables)\/[A-Za-z_][\w.-]{0,200}\.yaml)$/;
const learnedRecord = 'schemas/learned.json';
const maxFileBytes = 1024 * 1024;

export function openAuthorFiles(folder: string): AuthorFiles {
  const list = () =>
    globSync(['connector.yaml', '{actions,triggers}/*.yaml', 'schemas/tables/*.yaml'], { cwd: folder })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => filePattern.test(file))
      .sort();
  const read = async (file: string): Promise<AuthorFile> => {
    const text = await readFile(await pathOf(folder, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT' ? noFile(file) : error;
    });
    return { file, text, hash: hashOf(text) };
  };
  return {
    list,
    read,
    async replace(file, text, before) {
      assertSize(file, text);
      const { hash } = await read(file);
      if (hash !== before) throw changedElsewhere(file);
      await replaceFileText(await pathOf(folder, file), text);
      return { file, text, hash: hashOf(text) };
    },
    async create(file, text) {
      await writeFile(await pathOf(folder, file), text, { flag: 'wx' }).catch(
        (error: NodeJS.ErrnoException) => {
          throw error.code === 'EEXIST' ? present(file) : error;
        },
      );
      return { file, text, hash: hashOf(text) };
    },
    write: async (file, text) => await replaceFileText(await pathOf(folder, file), text),
    async fingerprint() {
      const files = list();
      const facts = await Promise.all(files.map((file) => stat(join(folder, file)).catch(() => undefined)));
      return files.map((file, index) => `${file} ${facts[index]?.mtimeMs} ${facts[index]?.size}`).join('\n');
    },
  };
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/**
 * The path of a file whose name is allowed, with its folder. A link could lead out of the author's folder, so neither the
 * file nor a folder may be one.
 */
async function pathOf(folder: string, file: string): Promise<string> {
  if (!filePattern.test(file) && file !== learnedRecord) throw noFile(file);
  const path = join(folder, file);
  await mkdir(dirname(path), { recursive: true });
  const real = await realpath(dirname(path));
  const isLink = await lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (isLink || real !== join(await realpath(folder), dirname(file))) throw noFile(file);
  return path;
}

function assertSize(file: string, text: string): void {
  if (Buffer.byteLength(text) <= maxFileBytes) return;
  throw new ConnectorError('INPUT_INVALID', `${file} would be larger than ${maxFileBytes} bytes.`);
}

const noFile = (file: string) =>
  new ConnectorError('NOT_FOUND', `The folder has no file "${file.slice(0, 200)}" that can be edited here.`, {
    advice:
      'The files are connector.yaml and those in actions, triggers and schemas/tables; links are not followed.',
  });

const present = (file: string) =>
  new ConnectorError('INPUT_INVALID', `There is a file ${file} already.`, {
    advice: 'Open it, or use another name; nothing is overwritten.',
  });

const changedElsewhere = (file: string) =>
  new ConnectorError('CONFLICT', `${file} was changed by another program since it was opened.`, {
    advice: 'Copy your text, load the page again, and change the file as it is now.',
  });
