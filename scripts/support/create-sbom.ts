import { createHash } from 'node:crypto';

/** What a lockfile of npm says about one folder of node_modules, or about one of our packages. */
export interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface SbomInput {
  /** The package.json in the tarball. */
  readonly manifest: {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
    readonly dependencies?: Readonly<Record<string, string>>;
  };
  readonly tarball: Uint8Array;
  /** The texts of THIRD-PARTY-NOTICES.txt in the tarball: the libraries inside its bundles. */
  readonly notices: readonly string[];
  /** `packages` of package-lock.json. */
  readonly locked: Readonly<Record<string, LockedPackage>>;
}

/** One library of a list of parts. */
export interface SbomComponent {
  readonly type: 'library';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly { readonly alg: 'SHA-512'; readonly content: string }[];
  readonly licenses?: readonly { readonly expression: string }[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

/**
 * The list of parts (SBOM) of a tarball: the libraries inside its bundles, which no package manager can see, and those that
 * npm installs with it, in the versions of the lockfile. The same tarball has the same list.
 *
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function createSbom({ manifest, tarball, notices, locked }: SbomInput) {
  const digest = createHash('sha512').update(tarball).digest('hex');
  const self = toComponent(manifest.name, { ...manifest, integrity: '' }, digest);
  const bundled = notices.flatMap(readNotices).map(({ name, version }) => {
    const found = Object.entries(locked).find(([path, one]) => isAt(path, name) && one.version === version);
    return toComponent(name, { ...found?.[1], version }, undefined, true);
  });
  const installed = collectInstalled(manifest.dependencies ?? {}, locked);
  const components = new Map([...installed, ...bundled].map((one) => [one['bom-ref'], one]));
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${toUuid(digest)}`,
    version: 1,
    metadata: { component: self },
    components: [...components.values()].sort((a, b) => (a['bom-ref'] < b['bom-ref'] ? -1 : 1)),
    dependencies: [{ ref: self['bom-ref'], dependsOn: [...components.keys()].sort() }],
  };
}

/** `ajv 8.20.0 (MIT)` begins each notice. */
function readNotices(text: string) {
  return [...text.matchAll(/^---\n\n((?:@[^\s/]+\/)?[^\s/]+) (\d\S*) \(/gm)].map(
    ([, name = '', version = '']) => ({ name, version }),
  );
}

const isAt = (path: string, name: string) => path.endsWith(`node_modules/${name}`);

/** What npm installs: dependencies of dependencies too, but not those of our packages, which have lists of their own. */
function collectInstalled(
  dependencies: Readonly<Record<string, string>>,
  locked: SbomInput['locked'],
): readonly SbomComponent[] {
  const found = new Map<string, SbomComponent>();
  const visit = (names: Readonly<Record<string, string>>, from: string): void => {
    for (const name of Object.keys(names)) {
      const path = findLocked(name, from, locked);
      if (path === undefined || found.has(path)) continue;
      const one = locked[path] ?? {};
      const own = one.link === true ? (locked[one.resolved ?? ''] ?? {}) : undefined;
      found.set(path, toComponent(name, own === undefined ? one : { ...own, integrity: '' }));
      if (own === undefined) visit({ ...one.dependencies, ...one.optionalDependencies }, path);
    }
  };
  visit(dependencies, '');
  return [...found.values()];
}

/** Where Node.js finds a package: in the nearest node_modules above. */
function findLocked(name: string, from: string, locked: SbomInput['locked']): string | undefined {
  for (let folder = from; ; ) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (locked[path] !== undefined) return path;
    if (folder === '') return undefined;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
  }
}

function toComponent(
  name: string,
  { version = '', integrity = '', license }: LockedPackage,
  digest?: string,
  isBundled = false,
): SbomComponent {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  const hash = digest ?? toHex(integrity);
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    ...(hash !== undefined && { hashes: [{ alg: 'SHA-512', content: hash }] }),
    ...(license !== undefined && { licenses: [{ expression: license }] }),
    ...(isBundled && { properties: [{ name: 'dynamics365-connector:bundled', value: 'true' }] }),
  };
}

function toHex(integrity: string): string | undefined {
  const [, base64] = /^sha512-(\S+)/.exec(integrity) ?? [];
  return base64 && Buffer.from(base64, 'base64').toString('hex');
}

/** A UUID that the content names (version 8). */
function toUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
