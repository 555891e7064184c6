import type { Diagnostic } from '../model/diagnostic.ts';
import type { Validator } from '../validation/validator.ts';
import { checkGrammar } from './check-grammar.ts';
import type { FileKind } from './grammar/index.ts';
import { readYaml } from './read-yaml.ts';
import { locateDiagnostic } from './source-file.ts';
import { SourceNode } from './source-node.ts';

/** A file whose YAML is valid and conforms to its grammar. */
export interface ValidFile {
  /** The file's name without its folder and extension: `case.create`, `_.create`, `case`. */
  readonly name: string;
  readonly node: SourceNode;
}

export interface ManifestFiles {
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
export function readFiles(
  files: ReadonlyMap<string, string>,
  { validator, diagnostics }: { validator: Validator; diagnostics: Map<string, Diagnostic> },
): ManifestFiles {
  const valid: Record<FileKind, ValidFile[]> = { connector: [], action: [], trigger: [], table: [] };
  const brokenTables = new Set<string>();
  const record = (found: readonly Diagnostic[]) => {
    for (const diagnostic of found) {
      const { file, line, column } = diagnostic.location;
      diagnostics.set(`${file}:${line}:${column} ${diagnostic.code}`, diagnostic);
    }
  };
  for (const [file, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const match = matchFile(file);
    if (match === undefined) {
      record([unexpectedFile(file, text)]);
      continue;
    }
    const { source, diagnostics: yamlDiagnostics } = readYaml(file, text);
    record(yamlDiagnostics);
    const node = source && new SourceNode(source, diagnostics);
    if (node !== undefined && checkGrammar(match.kind, node, validator))
      valid[match.kind].push({ name: match.name, node });
    else if (match.kind === 'table') brokenTables.add(match.name);
  }
  return { ...valid, invalidTables: brokenTables };
}

function matchFile(file: string): { kind: FileKind; name: string } | undefined {
  for (const [kind, pattern] of filePatterns) {
    const name = pattern.exec(file)?.[1];
    if (name !== undefined) return { kind, name };
  }
  return undefined;
}

function unexpectedFile(file: string, text: string): Diagnostic {
  const source = { file, text, data: null, nodeSpans: new Map() };
  const fix =
    'use connector.yaml, actions/case.create.yaml, triggers/case.created.yaml or schemas/tables/case.yaml';
  const message = 'a manifest has no file with this name';
  return locateDiagnostic(source, { start: 0, end: 1 }, { severity: 'error', code: 'M101', message, fix });
}
