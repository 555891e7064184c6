/** The files of one package of a manifest: of the connector itself, or of one that it extends. */
export interface ManifestPackage {
  /** Precedes the names of its files in diagnostics: empty for the connector itself, `../base/` for a base. */
  readonly path: string;
  /** The text of each file by its path, relative to the folder of the package. */
  readonly files: ReadonlyMap<string, string>;
  /** The `path` of each package that it extends. */
  readonly bases: readonly string[];
}

/** A connector that extends nothing. */
export function singlePackage(files: ReadonlyMap<string, string>): readonly ManifestPackage[] {
  return [{ path: '', files, bases: [] }];
}

/** The position of a package among those of a manifest: a base precedes the packages that extend it. */
export interface Layer {
  readonly index: number;
  /** The id in its connector.yaml. */
  readonly connector: string;
  readonly path: string;
  /** Whether another package extends it. The last layer is the connector itself. */
  readonly isBase: boolean;
  /** The indexes of the layers below it: those that it extends, directly or not. */
  readonly below: ReadonlySet<number>;
}

/** What a definition says about the origin of an operation, table or column: the id of a base; none for an own one. */
export function originOf({ connector, isBase }: Layer): string | undefined {
  return isBase ? connector : undefined;
}

/** The name of a file inside its package: `actions/case.get.yaml`. */
export function nameInPackage(file: string, { path }: Layer): string {
  return file.slice(path.length);
}
