import type { Diagnostic } from '../model/diagnostic.ts';
import type { Validator } from '../validation/validator.ts';
import { checkShape } from './check-shape.ts';
import type { FileKind } from './grammar/index.ts';
import { Site } from './site.ts';
import { diagnosticAt } from './source.ts';
import { readYaml } from './yaml.ts';

/** A file whose YAML and grammar are good. */
export interface GoodFile {
  /** From the file's name: `case.create`, `_.create`, `case`. */
  readonly name: string;
  readonly site: Site;
}

export interface Files {
  readonly connector: readonly GoodFile[];
  readonly action: readonly GoodFile[];
  readonly trigger: readonly GoodFile[];
  readonly table: readonly GoodFile[];
  /** Names of the tables whose files have faults. */
  readonly brokenTables: ReadonlySet<string>;
}

const word = '[a-z][A-Za-z0-9]*(?:-[a-z0-9]+)*';
const id = `${word}(?:\\.${word})+`;
const family = `_(?:\\.${word})+`;
const places: readonly (readonly [FileKind, RegExp])[] = [
  ['connector', /^(connector)\.yaml$/],
  ['action', new RegExp(`^actions/(${id}|${family})\\.yaml$`)],
  ['trigger', new RegExp(`^triggers/(${id}|${family})\\.yaml$`)],
  ['table', new RegExp(`^schemas/tables/(${word})\\.yaml$`)],
];

/** Reads every file, holds it against its grammar, and sorts the good ones by kind. */
export function readFiles(
  files: ReadonlyMap<string, string>,
  { validator, diagnostics }: { validator: Validator; diagnostics: Map<string, Diagnostic> },
): Files {
  const good: Record<FileKind, GoodFile[]> = { connector: [], action: [], trigger: [], table: [] };
  const brokenTables = new Set<string>();
  const keep = (found: readonly Diagnostic[]) => {
    for (const each of found)
      diagnostics.set(`${each.place.file}:${each.place.line}:${each.place.column} ${each.code}`, each);
  };
  for (const [file, text] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const place = kindOf(file);
    if (place === undefined) {
      keep([misplaced(file, text)]);
      continue;
    }
    const { source, diagnostics: faults } = readYaml(file, text);
    keep(faults);
    const site = source && new Site(source, diagnostics);
    if (site !== undefined && checkShape(place.kind, site, validator))
      good[place.kind].push({ name: place.name, site });
    else if (place.kind === 'table') brokenTables.add(place.name);
  }
  return { ...good, brokenTables };
}

function kindOf(file: string): { kind: FileKind; name: string } | undefined {
  for (const [kind, pattern] of places) {
    const name = pattern.exec(file)?.[1];
    if (name !== undefined) return { kind, name };
  }
  return undefined;
}

function misplaced(file: string, text: string): Diagnostic {
  const source = { file, text, data: null, spots: new Map() };
  const fix =
    'use connector.yaml, actions/case.create.yaml, triggers/case.created.yaml or schemas/tables/case.yaml';
  const message = 'a file of this name is none of a manifest’s';
  return diagnosticAt(source, { start: 0, end: 1 }, { severity: 'error', code: 'M101', message, fix });
}
