import { type Dirent, existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConnectorError } from '../errors/connector-error.ts';
import type { PackageFolder, PackageReader } from '../manifest/read/collect-packages.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

/** The folder of this package's manifest. `src/node` and `dist/node` have the same depth. */
export const packageFolder = fileURLToPath(new URL('../../', import.meta.url));
/** The name of this package, which an extension names. */
const packageName = 'dynamics365-connector';

/** Where a manifest has its files, beside connector.yaml. */
export const manifestFolders = ['actions', 'triggers', 'schemas/tables'];
const maxFiles = 2000;
const maxFileBytes = 1024 * 1024;

/** The real path of a manifest's folder. Throws MANIFEST_UNREADABLE if there is none. */
export function resolveManifest(manifest: string): string {
  return readOrThrow(resolve(manifest), (path) => realpathSync(path));
}

/** Reads the folders of a manifest from disk. `top` is the folder of the connector itself. */
export function createPackageReader(top: string): PackageReader {
  return {
    find: (specifier, from) =>
      specifier.startsWith('.') ? findFolder(join(from, specifier)) : findPackage(specifier, from),
    read: (folder) => readFolder(folder, folder === top ? '' : `${toSlashes(relative(top, folder))}/`),
  };
}

/** The real path of a folder with a connector.yaml; undefined if there is none. */
function findFolder(folder: string): string | undefined {
  try {
    statSync(join(folder, 'connector.yaml'));
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}

/** The nearest installed package, as Node.js finds it; for our own name without one, the manifest of this package. */
function findPackage(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found =
      basename(folder) === 'node_modules' ? undefined : findFolder(join(folder, 'node_modules', name));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) return name === packageName ? findFolder(packageFolder) : undefined;
  }
}

/**
 * Reads the YAML files of one connector: connector.yaml, actions/, triggers/ and schemas/tables/, also those with wrong
 * names, which are reported later. A missing folder counts as empty. Throws MANIFEST_UNREADABLE if a file cannot be read.
 */
function readFolder(folder: string, path: string): PackageFolder {
  const listing = new FolderListing(folder, path);
  listing.addAll();
  const files = new Map<string, string>();
  for (const name of listing.files) {
    const text = readOrThrow(join(folder, name), (file) => readFileSync(file, 'utf8'));
    files.set(name, text);
  }
  return { path, files, diagnostics: listing.diagnostics };
}

class FolderListing {
  readonly files = new Set<string>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #folder: string;
  readonly #path: string;

  constructor(folder: string, path: string) {
    this.#folder = folder;
    this.#path = path;
  }

  addAll(): void {
    this.#addConnector();
    for (const name of manifestFolders) this.#addFolder(name);
  }

  #addConnector(): void {
    const entries = readOrThrow(this.#folder, (path) => readdirSync(path, { withFileTypes: true }));
    const names = entries.filter(({ name }) => /^connector\.ya?ml$/.test(name));
    for (const entry of names) this.#addEntry('', entry);
    if (names.length === 0) readOrThrow(join(this.#folder, 'connector.yaml'), (file) => statSync(file));
  }

  #addFolder(name: string): void {
    const path = join(this.#folder, name);
    if (!existsSync(path)) return;
    const entries = readOrThrow(path, (folder) => readdirSync(folder, { withFileTypes: true }));
    if (entries.length > 0 && !this.#isInside(name)) return;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (this.files.size > maxFiles) return;
      this.#addEntry(`${name}/`, entry);
    }
  }

  #addEntry(folder: string, entry: Dirent): void {
    const file = folder + entry.name;
    if (entry.isDirectory()) this.#addFolder(file);
    if (entry.isDirectory() || !/\.ya?ml$/.test(entry.name)) return;
    if (entry.isSymbolicLink() && !this.#isInside(file)) return;
    const { size } = readOrThrow(join(this.#folder, file), (path) => statSync(path));
    if (size > maxFileBytes)
      this.#report(file, 'E106', `the file has more than ${maxFileBytes} bytes`, 'split it');
    else this.files.add(file);
    if (this.files.size === maxFiles + 1)
      this.#report(
        file,
        'E106',
        `the connector has more than ${maxFiles} files`,
        'split it into several connectors that extend each other',
      );
  }

  /** A link must not add a file from outside the folder to the manifest. */
  #isInside(name: string): boolean {
    const path = join(this.#folder, name);
    const real = existsSync(path) ? realpathSync(path) : undefined;
    const inside = real && relative(realpathSync(this.#folder), real);
    if (inside !== undefined && !inside.startsWith('..') && !isAbsolute(inside)) return true;
    const message =
      real === undefined ? 'the link has no target' : 'the link points outside the folder of the connector';
    this.#report(name, 'E105', message, 'replace the link with a copy, or extend the other connector');
    return false;
  }

  #report(name: string, code: string, message: string, fix: string): void {
    const location = { file: this.#path + name, line: 1, column: 1, length: 1 };
    this.diagnostics.push({ severity: 'error', code, message, location, sourceLine: '', fix });
  }
}

function toSlashes(path: string): string {
  return path.split(sep).join('/');
}

function readOrThrow<T>(path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConnectorError('MANIFEST_UNREADABLE', `${path} could not be read (${code}).`);
  }
}
