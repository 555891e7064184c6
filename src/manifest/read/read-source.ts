import type { Diagnostic, Edit } from '../../model/diagnostic.ts';
import type { Validator } from '../../validation/validator.ts';
import type { GrammarName } from '../grammar/index.ts';
import { checkGrammar } from './check-grammar.ts';
import { readYaml } from './read-yaml.ts';
import type { SourceFile } from './source-file.ts';
import { SourceNode } from './source-node.ts';

/** What checks a file, and where its diagnostics are collected. */
export interface ReadContext {
  readonly validator: Validator;
  readonly diagnostics: Map<string, Diagnostic>;
}

/** What was read of a file; without a source if the file cannot be read. */
interface Reading {
  readonly text: string;
  readonly source: SourceFile | undefined;
  readonly diagnostics: ReadonlyMap<string, Diagnostic>;
}

/** How often a file is read again with repairs: a repaired key can show further mistakes below it. */
const maxRounds = 5;

/**
 * The last reading of each file, as long as the validator that checked it. Who compiles a manifest again, such as an
 * editor after each change, reads only the files that have changed.
 */
const lastReadings = new WeakMap<Validator, Map<string, Reading>>();

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
  const readings = lastReadings.get(validator) ?? new Map<string, Reading>();
  lastReadings.set(validator, readings);
  const key = `${kind} ${file}`;
  const last = readings.get(key);
  const reading = last?.text === text ? last : read(kind, file, text, validator);
  readings.set(key, reading);
  for (const [at, diagnostic] of reading.diagnostics) diagnostics.set(at, diagnostic);
  return reading.source && new SourceNode(reading.source, diagnostics);
}

function read(kind: GrammarName, file: string, text: string, validator: Validator): Reading {
  const diagnostics = new Map<string, Diagnostic>();
  let repairs: readonly Edit[] = [];
  let before: SourceFile | undefined;
  for (let round = 0; ; round++) {
    const { source, diagnostics: syntax } = readYaml(file, text, repairs);
    // An error of the repaired text is not one of the author.
    if (source === undefined && before !== undefined) return { text, source: before, diagnostics };
    for (const diagnostic of syntax) diagnostics.set(keyOf(diagnostic), diagnostic);
    if (source === undefined) return { text, source, diagnostics };
    const found = new Map<string, Diagnostic>();
    const { broken } = checkGrammar(kind, new SourceNode(source, found), validator);
    for (const [key, diagnostic] of found) diagnostics.set(key, diagnostic);
    const edits = [...found.values()].flatMap(({ edit }) => edit ?? []);
    before = { ...source, broken };
    if (edits.length === 0 || round === maxRounds) return { text, source: before, diagnostics };
    repairs = [...source.repairs, ...edits];
  }
}

function keyOf({ location: { file, line, column }, code }: Diagnostic): string {
  return `${file}:${line}:${column} ${code}`;
}
