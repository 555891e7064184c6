import type { Diagnostic } from '../model/diagnostic.ts';
import type { Validator } from '../validation/validator.ts';
import { checkGrammar } from './check-grammar.ts';
import type { FileKind } from './grammar/index.ts';
import { readYaml } from './read-yaml.ts';
import { locateDiagnostic } from './source-file.ts';
import { SourceNode } from './source-node.ts';

/** A file whose YAML and grammar are good. */
export interface ValidFile {
  /** From the file's name: `case.create`, `_.create`, `case`. */
  readonly name: string;
  readonly node: SourceNode;
}

export interface ManifestFiles {
  readonly connector: readonly ValidFile[];
  readonly action: readonly ValidFile[];
  readonly trigger: readonly ValidFile[];
  readonly table: readonly ValidFile[];
  /** Names of the tables whose files have faults. */
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

/** Reads every file, holds it against its grammar, and sorts the good ones by kind. */
export function readFiles(
  files: ReadonlyMap<string, string>,
  { validator, diagnostics }: { validator: Validator; diagnostics: Map<string, Diagnostic> },
): ManifestFiles {
  const valid: Record<FileKind, ValidFile[]> = { connector: [], action: [], trigger: [], table: [] };
  const brokenTables = new Set<string>();
  const record = (found: readonly Diagnostic[]) => {
    for (const each of found)
      diagnostics.set(
        `${each.location.file}:${each.location.line}:${each.location.column} ${each.code}`,
        each,
      );
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
      valid[match.kind].push({ name: match.name, node: node });
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
  const message = 'a file of this name is none of a manifest’s';
  return locateDiagnostic(source, { start: 0, end: 1 }, { severity: 'error', code: 'M101', message, fix });
}
