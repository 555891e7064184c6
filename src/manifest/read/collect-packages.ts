import type { Diagnostic } from '../../model/diagnostic.ts';
import type { JsonObject } from '../../model/json.ts';
import type { ManifestPackage } from './manifest-package.ts';
import { readYaml } from './read-yaml.ts';
import { SourceNode } from './source-node.ts';

/** The version of the manifest language that this engine reads. */
const manifestVersion = 1;

/** Reads folders of connectors; `src/node/manifest-folder.ts` reads them from disk. */
export interface PackageReader {
  /** The folder of a base, as its extension names it: an npm package or a relative path. Undefined if it is not there. */
  find(specifier: string, from: string): string | undefined;
  /** The files of a folder, and what prevents reading some of them. `path` precedes file names in diagnostics. */
  read(folder: string): PackageFolder;
}

export interface PackageFolder extends Pick<ManifestPackage, 'path' | 'files'> {
  readonly diagnostics: readonly Diagnostic[];
}

/** A connector with everything that it extends: a base precedes its extensions. Incomplete if there are diagnostics. */
export interface ManifestPackages {
  readonly packages: readonly CollectedPackage[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A package, and the folder that its files were read from. */
export interface CollectedPackage extends ManifestPackage {
  readonly folder: string;
  /** How it was found: the `extends` of each connector on the way to it; empty for the connector itself. */
  readonly via: readonly string[];
}

/** Reads a connector and the connectors that it extends, directly or not. */
export function collectPackages(folder: string, reader: PackageReader): ManifestPackages {
  const collector = new PackageCollector(reader);
  collector.collect(folder, []);
  return { packages: collector.packages, diagnostics: [...collector.diagnostics.values()] };
}

class PackageCollector {
  readonly packages: CollectedPackage[] = [];
  readonly diagnostics = new Map<string, Diagnostic>();
  readonly #reader: PackageReader;
  readonly #headers = new Map<CollectedPackage, Header>();

  constructor(reader: PackageReader) {
    this.#reader = reader;
  }

  /** Collects the bases of a folder, then the folder. Returns its package; undefined if it is not usable. */
  collect(folder: string, extending: readonly Extending[]): CollectedPackage | undefined {
    const known = this.packages.find((one) => one.folder === folder);
    if (known !== undefined) return known;
    const { path, files, diagnostics } = this.#reader.read(folder);
    for (const [index, one] of diagnostics.entries()) this.diagnostics.set(`${folder} ${index}`, one);
    const text = files.get('connector.yaml') ?? '';
    const { source } = readYaml(`${path}connector.yaml`, text);
    const node = source && new SourceNode(source, this.diagnostics);
    const header = toHeader(source?.data);
    if (!this.#checkVersion(header, extending.at(-1))) return undefined;
    const bases = node === undefined ? [] : this.#collectBases(header, { folder, node, extending });
    const via = extending.map(({ specifier }) => specifier);
    const found = { path, files, folder, via, bases: bases.map((base) => base.path) };
    this.#headers.set(found, header);
    const twin = this.packages.find(
      (one) => header.id !== undefined && this.#headers.get(one)?.id === header.id,
    );
    if (twin === undefined) this.packages.push(found);
    else if (!haveSameFiles(twin, found)) this.#reportTwin(twin, found, node, extending.at(-1));
    return twin ?? found;
  }

  #collectBases(
    header: Header,
    { folder, node, extending }: { folder: string; node: SourceNode; extending: readonly Extending[] },
  ): readonly CollectedPackage[] {
    const bases: CollectedPackage[] = [];
    for (const [index, specifier] of header.bases.entries()) {
      const at = header.isList ? node.at('extends', index) : node.at('extends');
      const base = this.#findBase(specifier, folder, at);
      if (base === undefined) continue;
      const chain = [...extending, { folder, specifier, node: at }];
      if (chain.some((one) => one.folder === base)) {
        const names = chain.slice(chain.findIndex((one) => one.folder === base)).map((one) => one.specifier);
        at.error('E103', `the connector extends itself: ${names.join(' -> ')}`, {
          fix: 'remove one of them',
        });
        continue;
      }
      const collected = this.collect(base, chain);
      if (collected !== undefined) bases.push(collected);
    }
    return bases;
  }

  #findBase(specifier: string, from: string, at: SourceNode): string | undefined {
    if (!/^(\.{1,2}(\/|$)|(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$)/.test(specifier)) {
      const message = `"${specifier}" is not the name of a package or a relative path`;
      at.error('E104', message, {
        fix: 'write a name such as dynamics365-connector, or a path such as ../base',
      });
      return undefined;
    }
    const found = this.#reader.find(specifier, from);
    if (found !== undefined) return found;
    const isFolder = specifier.startsWith('.');
    at.error(
      'E101',
      isFolder ? `${specifier} has no connector.yaml` : `the package ${specifier} is not installed`,
      {
        fix: isFolder ? 'correct the path' : `npm install ${specifier}`,
      },
    );
    return undefined;
  }

  /** Files of another version of the language would give many misleading diagnostics. */
  #checkVersion({ manifestVersion: version }: Header, extending: Extending | undefined): boolean {
    if (extending === undefined || version === undefined || version === manifestVersion) return true;
    const message = `${extending.specifier} is written in version ${version} of the manifest language; this is version ${manifestVersion}`;
    const fix = version > manifestVersion ? 'update dynamics365-connector' : `update ${extending.specifier}`;
    extending.node.error('E102', message, { fix });
    return false;
  }

  #reportTwin(
    one: CollectedPackage,
    other: CollectedPackage,
    node: SourceNode | undefined,
    extending: Extending | undefined,
  ): void {
    if (extending === undefined) {
      const fix = 'use another id';
      node?.at('id').error('E111', 'the connector has the same id as one that it extends', { fix });
      return;
    }
    const [first, second] = [one, other].map((twin) => `${this.#headers.get(twin)?.version} in ${twin.path}`);
    const message = `two versions of ${this.#headers.get(one)?.id} are extended: ${first} and ${second}`;
    extending.node.error('E111', message, { fix: 'install the same version for both' });
  }
}

/** A package whose bases are being collected, and what it extends. */
interface Extending {
  readonly folder: string;
  readonly specifier: string;
  readonly node: SourceNode;
}

/** What a connector.yaml says about itself, if it has the right types; its grammar is checked later. */
interface Header {
  readonly id: string | undefined;
  readonly version: string;
  readonly manifestVersion: number | undefined;
  readonly bases: readonly string[];
  readonly isList: boolean;
}

function toHeader(data: unknown): Header {
  const { id, version, manifestVersion: written, extends: bases } = (data ?? {}) as JsonObject;
  return {
    id: typeof id === 'string' ? id : undefined,
    version: String(version),
    manifestVersion: typeof written === 'number' ? written : undefined,
    bases: [bases ?? []].flat().filter((one) => typeof one === 'string'),
    isList: Array.isArray(bases),
  };
}

function haveSameFiles({ files: a }: ManifestPackage, { files: b }: ManifestPackage): boolean {
  return a.size === b.size && [...a].every(([file, text]) => b.get(file) === text);
}
