import { existsSync, mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOwnBuild } from '#own-build';
import { ConnectorError } from '../errors/connector-error.ts';
import type { CollectedPackage } from '../manifest/read/collect-packages.ts';
import type { ConnectorDefinition } from '../model/definition.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { type FileSums, isAsPacked, sumFiles } from './file-sums.ts';
import { type DefinitionIndex, readIndexedDefinition, writeIndexedDefinition } from './lazy-definition.ts';
import { createPackageReader, packageFolder, resolveManifest } from './manifest-folder.ts';

const sourcesFile = 'definition.sources.json';

/** What a definition was built from: `dist/definition.sources.json`, beside `dist/definition.json`. */
interface BuildSources {
  /** The version of the engine that compiled it. */
  readonly engine: string;
  readonly packages: readonly BuiltPackage[];
}

interface BuiltPackage {
  readonly id: string;
  readonly version: string;
  /** How the package is found: the `extends` of each connector on the way to it; empty for the connector itself. */
  readonly via: readonly string[];
  readonly files: FileSums;
}

/**
 * Reads the definition that `d365 build`, or the build of this package, compiled: reading it takes milliseconds, compiling
 * two hundred YAML files half a second. Undefined if there is no build.
 *
 * @param manifest the folder of the manifest; this package by default
 * @throws BUILD_OUTDATED if the YAML files, also those of a base, are not those of the build: YAML that is changed takes
 * effect, or is refused by name, but is never ignored.
 */
export function readBuiltDefinition(manifest: string = packageFolder): ConnectorDefinition | undefined {
  const place = findBuild(resolveManifest(manifest));
  const built = readBuild(place.build);
  if (built === undefined) return undefined;
  const [first] = readSourcesChanges(place);
  if (first === undefined) return readIndexedDefinition(built.bytes, built.index);
  throw new ConnectorError('BUILD_OUTDATED', first.message, { advice: adviceOf(place) });
}

/** Writes what `readBuiltDefinition` reads. The files are those of the packages that the definition was compiled from. */
export function writeBuiltDefinition(
  folder: string,
  definition: ConnectorDefinition,
  packages: readonly CollectedPackage[],
): void {
  const { bases = [], id, version } = definition;
  const identities = [...bases, { id, version }];
  const sources: BuildSources = {
    engine: engineVersion(),
    packages: packages.map(({ via, files }, index) => ({
      ...(identities[index] ?? { id, version }),
      via,
      files: sumFiles(files),
    })),
  };
  mkdirSync(folder, { recursive: true });
  const { text, index } = writeIndexedDefinition(definition);
  writeFileSync(join(folder, 'definition.json'), text);
  writeFileSync(join(folder, 'definition.index.json'), JSON.stringify(index));
  writeFileSync(join(folder, sourcesFile), `${JSON.stringify(sources, null, 1)}\n`);
}

/** The definition in a folder, with the index that belongs to it. */
function readBuild(folder: string): { bytes: Buffer; index: DefinitionIndex | undefined } | undefined {
  const bytes = readIfThere(join(folder, 'definition.json'));
  if (bytes === undefined) return undefined;
  return { bytes, index: readJson<DefinitionIndex>(join(folder, 'definition.index.json')) };
}

/** Diagnostics for packages whose files differ from their own builds; E118. */
export function checkBuilds(packages: readonly CollectedPackage[]): readonly Diagnostic[] {
  return packages.flatMap(({ folder, path }) => {
    const place = findBuild(folder);
    const [change] = readSourcesChanges(place);
    if (change === undefined) return [];
    const location = { file: path + change.file, line: 1, column: 1, length: 1 };
    const { message } = change;
    return { severity: 'error', code: 'E118', message, location, sourceLine: '', fix: adviceOf(place) };
  });
}

/** The folder of a manifest, and that of its build. */
interface BuildPlace {
  readonly folder: string;
  readonly build: string;
  /** The folder of our own package. */
  readonly own: string;
}

function findBuild(folder: string): BuildPlace {
  const own = realpathSync(packageFolder);
  return { folder, own, build: folder === own ? findOwnBuild() : join(folder, 'dist') };
}

interface SourceChange {
  readonly file: string;
  readonly message: string;
}

/** Compares the build of a folder with the files that are there now. Empty if there is no build. */
function readSourcesChanges({ folder, build, own }: BuildPlace): readonly SourceChange[] {
  const sources = readJson<BuildSources>(join(build, sourcesFile));
  // A bundle has no YAML that could be ignored.
  if (sources === undefined || !existsSync(join(folder, 'connector.yaml'))) return [];
  const { engine, packages } = sources;
  // Our own package was built with itself.
  if (folder !== own && engine !== engineVersion()) {
    const message = `${folder} was built with dynamics365-connector ${engine}; this is ${engineVersion()}.`;
    return [{ file: 'connector.yaml', message }];
  }
  const reader = createPackageReader(folder);
  return packages.flatMap((one) => {
    const found = one.via.reduce<string | undefined>(
      (from, specifier) => from && reader.find(specifier, from),
      folder,
    );
    const file = 'connector.yaml';
    const name = `${one.id} ${one.version}`;
    if (found === undefined)
      return [{ file, message: `${folder} was built with ${name}, which is not installed.` }];
    if (found === own && isAsPacked(found, one.files, installedAt())) return [];
    const changed = compareFiles(one.files, sumFiles(reader.read(found).files));
    if (changed === undefined) return [];
    const message = `${folder} was built with other files of ${name}: ${changed.text}.`;
    return [{ file: one.via.length === 0 ? changed.file : file, message }];
  });
}

/** When a file of our own package was written. */
function installedAt(): number {
  return statSync(join(findOwnBuild(), sourcesFile)).mtimeMs;
}

const maxNamed = 3;

function compareFiles(
  built: FileSums,
  now: FileSums,
): { readonly file: string; readonly text: string } | undefined {
  const changes = [...new Set([...Object.keys(built), ...Object.keys(now)])].flatMap((file) => {
    if (built[file] === now[file]) return [];
    const what = built[file] === undefined ? 'is new' : now[file] === undefined ? 'is missing' : 'is changed';
    return [{ file, text: `${file} ${what}` }];
  });
  const [first] = changes;
  if (first === undefined) return undefined;
  const named = changes.slice(0, maxNamed).map(({ text }) => text);
  const more = changes.length > maxNamed ? [`and ${changes.length - maxNamed} more`] : [];
  return { file: first.file, text: [...named, ...more].join(', ') };
}

function adviceOf({ folder, own }: BuildPlace): string {
  return folder === own
    ? 'Put changes into a connector of your own that extends this one (docs/extend.md), and reinstall this package.'
    : 'Run `d365 build`, or delete its dist/definition.json.';
}

function engineVersion(): string {
  return (JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string })
    .version;
}

function readJson<T>(file: string): T | undefined {
  const bytes = readIfThere(file);
  return bytes === undefined ? undefined : JSON.parse(bytes.toString());
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
