import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FileKind } from '../grammar/index.ts';
import type { Layer, ManifestPackage } from './manifest-package.ts';
import { type ReadContext, readSource } from './read-source.ts';
import { locateDiagnostic, toSourceText } from './source-file.ts';
import type { SourceNode } from './source-node.ts';
import type { ConnectorYaml } from './yaml-types.ts';

/** A file whose YAML is valid and conforms to its grammar. */
export interface ValidFile {
  /** The file's name without its folder and extension: `case.create`, `_.create`, `case`. */
  readonly name: string;
  readonly node: SourceNode;
  readonly layer: Layer;
}

/** The valid files of all packages, those of bases first. */
export interface ManifestFiles {
  readonly layers: readonly Layer[];
  readonly connector: readonly ValidFile[];
  readonly action: readonly ValidFile[];
  readonly trigger: readonly ValidFile[];
  readonly table: readonly ValidFile[];
  /** Names of the tables whose files have errors. */
  readonly invalidTables: ReadonlySet<string>;
}

const word = '[a-z][A-Za-z0-9]*(?:-[a-z0-9]+)*';
const id = `${word}(?:\\.${word})+`;
const templateName = `_(?:\\.${word})+`;
const filePatterns: readonly (readonly [FileKind, RegExp])[] = [
  ['connector', /^(connector)\.yaml$/],
  ['action', new RegExp(`^actions/(${id}|${templateName})\\.yaml$`)],
  ['trigger', new RegExp(`^triggers/(${id}|${templateName})\\.yaml$`)],
  ['table', new RegExp(`^schemas/tables/(${word})\\.yaml$`)],
];

/** Reads every file, checks it against its grammar, and groups the valid ones by kind. */
export function readFiles(packages: readonly ManifestPackage[], context: ReadContext): ManifestFiles {
  const valid: Record<FileKind, ValidFile[]> = { connector: [], action: [], trigger: [], table: [] };
  const invalidTables = new Set<string>();
  const layers: Layer[] = [];
  for (const one of packages) {
    const read = readPackage(one, context);
    const layer = toLayer(one, { layers, isBase: one !== packages.at(-1), header: read.connector[0]?.node });
    layers.push(layer);
    for (const kind of Object.keys(valid) as FileKind[])
      valid[kind].push(...read[kind].map((file) => ({ ...file, layer })));
    for (const name of read.invalidTables) invalidTables.add(name);
  }
  return { layers, ...valid, invalidTables };
}

function toLayer(
  { path, bases }: ManifestPackage,
  { layers, isBase, header }: { layers: readonly Layer[]; isBase: boolean; header: SourceNode | undefined },
): Layer {
  const direct = layers.filter((layer) => bases.includes(layer.path));
  const below = new Set(direct.flatMap((layer) => [layer.index, ...layer.below]));
  const connector = (header?.source.data as unknown as ConnectorYaml | undefined)?.id ?? path;
  return { index: layers.length, connector, path, isBase, below };
}

type FilesOfPackage = Record<FileKind, Omit<ValidFile, 'layer'>[]> & { readonly invalidTables: string[] };

function readPackage(
  { path, files }: ManifestPackage,
  { validator, diagnostics }: ReadContext,
): FilesOfPackage {
  const read: FilesOfPackage = { connector: [], action: [], trigger: [], table: [], invalidTables: [] };
  for (const [file, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const match = matchFile(file);
    if (match === undefined) {
      diagnostics.set(path + file, unexpectedFile(path, file, text));
      continue;
    }
    const node = readSource(match.kind, path + file, text, { validator, diagnostics });
    const compilable = node && toCompilable(match.kind, node);
    if (compilable !== undefined) read[match.kind].push({ name: match.name, node: compilable });
    else if (match.kind === 'table') read.invalidTables.push(match.name);
  }
  return read;
}

/** The parts of a file that the compiler skips if they are broken, and goes on with the others. */
const skippedParts: Readonly<Record<FileKind, RegExp>> = {
  connector: /^$/,
  action: /^\/(?:(tests|request|steps|output|pagination|title|description)(?:\/|$)|input\/properties\/[^/]+)/,
  trigger: /^\/(?:(tests|watch|title|description)(?:\/|$)|input\/properties\/[^/]+)/,
  table: /^\/(?:title|description|properties\/[^/]+)/,
};

/** The file, if the compiler can find further errors in it: broken values are in parts that it skips. */
function toCompilable(kind: FileKind, node: SourceNode): SourceNode | undefined {
  const isSkipped = (pointer: string) => skippedParts[kind].test(pointer);
  return node.source.broken.every(isSkipped) ? node : undefined;
}

function matchFile(file: string): { kind: FileKind; name: string } | undefined {
  for (const [kind, pattern] of filePatterns) {
    const name = pattern.exec(file)?.[1];
    if (name !== undefined) return { kind, name };
  }
  return undefined;
}

function unexpectedFile(path: string, file: string, text: string): Diagnostic {
  const source = toSourceText(path + file, text);
  const name = toFileName(file);
  const fix =
    name === undefined
      ? 'use connector.yaml, actions/case.create.yaml, triggers/case.created.yaml or schemas/tables/case.yaml'
      : `rename it to ${name}`;
  const message = 'a manifest has no file with this name';
  return locateDiagnostic(source, { start: 0, end: 1 }, { severity: 'error', code: 'M101', message, fix });
}

/** The name that a file should have: `actions/Case.Escalate.yml` -> `actions/case.escalate.yaml`. */
function toFileName(file: string): string | undefined {
  if (file === 'connector.yml') return 'connector.yaml';
  const [folder, rest = ''] = /^(actions|triggers|schemas\/tables)\/(.+)$/.exec(file)?.slice(1) ?? [];
  if (folder === undefined) return undefined;
  const words = rest.replace(/\.(?:yaml|yml|json)$/i, '').split(/[/\s]+/);
  const name = words.map((word) => word.replace(/_(?!\.)/g, '-').toLowerCase()).join('.');
  const renamed = `${folder}/${name}.yaml`;
  return renamed !== file && matchFile(renamed) !== undefined ? renamed : undefined;
}
