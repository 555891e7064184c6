import type { Diagnostic, Edit } from '../../model/diagnostic.ts';
import type { Validator } from '../../validation/validator.ts';
import type { GrammarName } from '../grammar/index.ts';
import { checkGrammar } from './check-grammar.ts';
import { readYaml } from './read-yaml.ts';
import { SourceNode } from './source-node.ts';

/** What checks a file, and where its diagnostics are collected. */
export interface ReadContext {
  readonly validator: Validator;
  readonly diagnostics: Map<string, Diagnostic>;
}

/** How often a file is read again with repairs: a repaired key can show further mistakes below it. */
const maxRounds = 5;

/**
 * Reads one file and checks it against its grammar. Mistakes whose fix is certain are reported and repaired in memory,
 * so that the rest of the file is checked in the same run; values that do not conform are marked as broken. Undefined if
 * the file cannot be read.
 */
export function readSource(
  kind: GrammarName,
  file: string,
  text: string,
  { validator, diagnostics }: ReadContext,
): SourceNode | undefined {
  let repairs: readonly Edit[] = [];
  let before: SourceNode | undefined;
  for (let round = 0; ; round++) {
    const { source, diagnostics: syntax } = readYaml(file, text, repairs);
    // An error of the repaired text is not one of the author.
    if (source === undefined && before !== undefined) return before;
    for (const diagnostic of syntax) diagnostics.set(keyOf(diagnostic), diagnostic);
    if (source === undefined) return undefined;
    const found = new Map<string, Diagnostic>();
    const { broken } = checkGrammar(kind, new SourceNode(source, found), validator);
    for (const [key, diagnostic] of found) diagnostics.set(key, diagnostic);
    const edits = [...found.values()].flatMap(({ edit }) => edit ?? []);
    before = new SourceNode({ ...source, broken }, diagnostics);
    if (edits.length === 0 || round === maxRounds) return before;
    repairs = [...source.repairs, ...edits];
  }
}

function keyOf({ location: { file, line, column }, code }: Diagnostic): string {
  return `${file}:${line}:${column} ${code}`;
}
