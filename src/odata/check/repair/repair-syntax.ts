import { applyEdits } from '../../../model/apply-edits.ts';
import type { Edit } from '../../../model/diagnostic.ts';
import { omitUndefined } from '../../../model/omit-undefined.ts';
import type { Span } from '../../../model/span.ts';
import type { ParseDiagnostic, ParseResult } from '../../query/ast.ts';
import { positionBefore, type QueryDiagnostic } from '../query-diagnostic.ts';
import {
  comparedCalls,
  otherDialectCalls,
  otherDialectOperatorCalls,
  queryFunctionNames,
} from './repair-calls.ts';
import { createRepairContext, type RepairRule } from './repair-context.ts';
import {
  doubleQuotes,
  incompleteDateTimes,
  odata2Literals,
  unbalancedQuotes,
  unquotedText,
} from './repair-literals.ts';
import { closeParenthesis, openParenthesis } from './repair-parentheses.ts';
import {
  groupAfterNot,
  missingToken,
  misspelledWords,
  otherDialectSymbols,
  surplusToken,
} from './repair-words.ts';

/** The most likely rule first: of proposals that are equally good, the first is used. */
const rules: readonly RepairRule[] = [
  otherDialectCalls,
  comparedCalls,
  otherDialectOperatorCalls,
  queryFunctionNames,
  otherDialectSymbols,
  misspelledWords,
  odata2Literals,
  incompleteDateTimes,
  doubleQuotes,
  unbalancedQuotes,
  closeParenthesis,
  openParenthesis,
  groupAfterNot,
  unquotedText,
  missingToken,
  surplusToken,
];

/** How many characters are written and parsed to find one repair: of a text as people write it, every proposal is tried. */
const maxTriedLength = 300_000;

/** The cost of an edit that removes text: such an edit is used only if no other repair is good. */
export const deletionCost = 5;

/** A text with more errors is not repaired further. */
const maxRounds = 5;

/** Parses and rates repaired texts. */
export interface RepairEvaluator<T> {
  readonly parse: (text: string) => ParseResult<T>;
  /** The cost of a text that parses: wrong names and types, parentheses without effect. Lower is better. */
  readonly cost: (text: string, tree: T) => number;
  /** Additional rules, which need the metadata of the table. */
  readonly rules: readonly RepairRule[];
}

/** The repaired text, with its tree if it parses, and the edits that led to it. */
export interface RepairResult<T> {
  readonly diagnostics: readonly QueryDiagnostic[];
  readonly tree?: T;
  readonly text: string;
  readonly edits: readonly Edit[];
}

/**
 * Finds the syntax errors of a text and repairs them one by one: rules propose edits, each proposal is tried, and the best
 * is kept. Diagnostics and their edits refer to positions in the original text.
 */
export function repairSyntax<T>(original: string, evaluator: RepairEvaluator<T>): RepairResult<T> {
  const diagnostics: QueryDiagnostic[] = [];
  const edits: Edit[] = [];
  let text = original;
  for (let round = 0; round <= maxRounds; round++) {
    const parsed = evaluator.parse(text);
    if (parsed.ok) return { diagnostics, tree: parsed.value, text, edits };
    const edit = round < maxRounds ? findBestEdit(text, parsed.diagnostics, evaluator) : undefined;
    const [diagnostic] = parsed.diagnostics as [ParseDiagnostic];
    diagnostics.push(toSyntaxDiagnostic(diagnostic, edit, text, edits));
    if (edit === undefined) {
      diagnostics.push(
        ...parsed.diagnostics.slice(1).map((other) => toSyntaxDiagnostic(other, undefined, text, edits)),
      );
      break;
    }
    edits.push(edit);
    text = applyEdits(text, [edit]);
  }
  return { diagnostics, text, edits };
}

function toSyntaxDiagnostic(
  diagnostic: ParseDiagnostic,
  edit: Edit | undefined,
  text: string,
  before: readonly Edit[],
): QueryDiagnostic {
  const { message, fix } = diagnostic;
  const code = isUnknownFunction(diagnostic) ? 'Q102' : 'Q101';
  const suggestion = edit === undefined ? fix : describeEdit(text, edit);
  return omitUndefined({
    severity: 'error' as const,
    code,
    message,
    ...mapToOriginalSpan(diagnostic, before),
    fix: suggestion,
    edit: edit && { ...mapToOriginalSpan(edit, before), text: edit.text },
  });
}

/** Describes an edit as a sentence, with the words around it. */
function describeEdit(text: string, edit: Edit): string {
  const { start, end, text: piece } = edit;
  if (piece === '') return 'Remove this.';
  if (start === end && /^[(),]$/.test(piece)) {
    const before = text.slice(0, start).split(/\s+/).at(-1) ?? '';
    return before === ''
      ? `Add "${piece}" before ${text.slice(start).split(/\s+/)[0]}.`
      : `Add "${piece}" after ${before}.`;
  }
  let from = start;
  while (from > 0 && /[\w'./]/.test(text.charAt(from - 1))) from--;
  const length = /^[\w'./]*/.exec(text.slice(end))?.[0].length ?? 0;
  return `Write ${(text.slice(from, start) + piece + text.slice(end, end + length)).trim()}.`;
}

/** Maps a span in the text after some edits to the text before them. */
export function mapToOriginalSpan({ start, end }: Span, edits: readonly Edit[]): Span {
  const move = (position: number) => edits.reduceRight((at, edit) => positionBefore(at, edit), position);
  return { start: move(start), end: move(end) };
}

const isUnknownFunction = ({ message }: ParseDiagnostic): boolean =>
  /has no (?:query )?function/.test(message);

function findBestEdit<T>(
  text: string,
  diagnostics: readonly ParseDiagnostic[],
  { parse, cost, rules: own }: RepairEvaluator<T>,
): Edit | undefined {
  let best: { edit: Edit; score: number } | undefined;
  const [first] = diagnostics as [ParseDiagnostic];
  const contexts = diagnostics.slice(0, 2).map((diagnostic) => createRepairContext(text, diagnostic));
  const seen = new Set<string>();
  let triedLength = 0;
  for (const context of contexts) {
    for (const edit of [...own, ...rules].flatMap((rule) => rule(context))) {
      // If only the arguments of an unknown function were changed, the text would parse but mean something else.
      if (isUnknownFunction(first) && (edit.start !== first.start || edit.end < first.end)) continue;
      // An edit that makes the same text as another one counts too: it has to be applied to know that.
      triedLength += text.length;
      if (triedLength > maxTriedLength) return best?.edit;
      const tried = applyEdits(text, [edit]);
      if (seen.has(tried) || tried === text) continue;
      seen.add(tried);
      const parsed = parse(tried);
      const lost = edit.text === '' ? deletionCost : 0;
      const score = parsed.ok
        ? cost(tried, parsed.value) + lost
        : 1_000_000 - firstDiagnosticStart(parsed.diagnostics);
      const better = parsed.ok || firstDiagnosticStart(parsed.diagnostics) > first.end;
      if (better && (best === undefined || score < best.score)) best = { edit, score };
      if (score === 0) return edit;
    }
  }
  return best?.edit;
}

function firstDiagnosticStart(diagnostics: readonly ParseDiagnostic[]): number {
  return Math.min(...diagnostics.map(({ start }) => start));
}
