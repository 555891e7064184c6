import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { ConnectorDefinition, Diagnostic } from 'dynamics365-connector';
import { createLanguageService, type LanguageService } from 'dynamics365-connector/authoring';
import { readManifest } from 'dynamics365-connector/node';
import { OpenFiles, pathOf } from './open-files.ts';

/** The open files of an editor, by the manifest that they belong to. */
export interface Workspace {
  readonly open: OpenFiles;
  /** The folder of the manifest that a file belongs to; undefined outside of a manifest. */
  folderOf(uri: string): string | undefined;
  /** Checks the manifest of a folder, with the texts that are open. */
  check(folder: string): Promise<CheckedManifest>;
  /** The service of the manifest of a file, and the file's name in it; undefined outside of a manifest. */
  find(uri: string): Promise<{ service: LanguageService; file: string; folder: string } | undefined>;
  /** The manifest of a file, compiled with the texts that are open; undefined outside of a manifest. */
  compile(uri: string): Promise<CompiledFile | undefined>;
}

/** The name of a file in its manifest, and the definition of the manifest; undefined if it has errors. */
export interface CompiledFile {
  readonly file: string;
  readonly definition: ConnectorDefinition | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** The diagnostics of a manifest, by the URI of each file that has some. */
export interface CheckedManifest {
  readonly files: ReadonlyMap<string, readonly Diagnostic[]>;
  /** The open texts that were checked, by URI. */
  readonly texts: ReadonlyMap<string, string>;
}

interface Manifest {
  readonly folder: string;
  readonly service: LanguageService;
  isRead: boolean;
  /** The revision of the open texts that were compiled last, and what was found. */
  revision: number;
  diagnostics: readonly Diagnostic[];
}

/** Creates a workspace without open files. */
export function createWorkspace(): Workspace {
  const open = new OpenFiles();
  const manifests = new Map<string, Manifest>();

  const manifestOf = (folder: string): Manifest => {
    const known = manifests.get(folder) ?? newManifest(folder);
    manifests.set(folder, known);
    return known;
  };

  const update = async (manifest: Manifest): Promise<CheckedManifest> => {
    const { packages, diagnostics } = await readManifest(manifest.folder);
    const { revision } = open;
    const texts = new Map([...open.texts].map(([path, text]) => [open.uriOf(path), text]));
    const byUri = (found: readonly Diagnostic[]) =>
      Map.groupBy(found, ({ location }) => open.uriOf(join(manifest.folder, location.file)));
    const own = packages.at(-1);
    if (diagnostics.length > 0 || own === undefined) return { files: byUri(diagnostics), texts };
    const files = new Map([...own.files, ...openFilesOf(manifest.folder, open.texts)]);
    manifest.isRead = true;
    manifest.diagnostics = manifest.service.update([...packages.slice(0, -1), { ...own, files }]);
    manifest.revision = revision;
    return { files: byUri(manifest.diagnostics), texts };
  };

  return {
    open,
    folderOf,
    check: (folder) => update(manifestOf(folder)),
    async find(uri) {
      const [path, folder] = [pathOf(uri), folderOf(uri)];
      if (path === undefined || folder === undefined) return undefined;
      const manifest = manifestOf(folder);
      if (!manifest.isRead) await update(manifest);
      return { service: manifest.service, file: nameIn(folder, path), folder };
    },
    async compile(uri) {
      const [path, folder] = [pathOf(uri), folderOf(uri)];
      if (path === undefined || folder === undefined) return undefined;
      const manifest = manifestOf(folder);
      // The check after a keystroke has compiled the same texts, as a rule.
      if (manifest.revision !== open.revision) await update(manifest);
      const isCurrent = manifest.revision === open.revision;
      const definition = isCurrent ? manifest.service.definition() : undefined;
      return { file: nameIn(folder, path), definition, diagnostics: manifest.diagnostics };
    },
  };
}

function newManifest(folder: string): Manifest {
  return { folder, service: createLanguageService(), isRead: false, revision: -1, diagnostics: [] };
}

/** The nearest folder above a file that has a connector.yaml. */
function folderOf(uri: string): string | undefined {
  const path = pathOf(uri);
  if (path === undefined) return undefined;
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'connector.yaml'))) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** The open files of a manifest, by their names in it. */
function openFilesOf(
  folder: string,
  texts: ReadonlyMap<string, string>,
): readonly (readonly [string, string])[] {
  return [...texts]
    .map(([path, text]) => [nameIn(folder, path), text] as const)
    .filter(([file]) => /^(connector\.yaml|(actions|triggers|schemas\/tables)\/.+)$/.test(file));
}

/** The name of a file in a folder; that of a file outside of it begins with `..` or is absolute. */
function nameIn(folder: string, path: string): string {
  return relative(folder, path).split(sep).join('/');
}
