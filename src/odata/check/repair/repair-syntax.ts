import type { ParseDiagnostic, ParseResult } from '../../query/ast.ts';
import { applyEdits, positionBefore, type QueryDiagnostic, type TextEdit } from '../query-diagnostic.ts';
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

/** The likeliest first: of proposals that work equally well the first is taken. */
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

/** What was written was probably meant: leaving it out comes after every repair that makes sense. */
export const deletionCost = 5;

/** No text has so many faults that repairing more of them would still be a help. */
const maxRounds = 5;

/** How a repaired text is judged. */
export interface RepairEvaluator<T> {
  readonly parse: (text: string) => ParseResult<T>;
  /** Lower is better, for a text that parses: names and types that do not fit, parentheses without a meaning. */
  readonly cost: (text: string, tree: T) => number;
  /** Rules that need to know the table. */
  readonly rules: readonly RepairRule[];
}

/** A text that parses, if one could be made of it, and the way there. */
export interface RepairResult<T> {
  readonly diagnostics: readonly QueryDiagnostic[];
  readonly tree?: T;
  readonly text: string;
  readonly edits: readonly TextEdit[];
}

/**
 * Finds the syntax faults of a text and repairs them one by one: rules propose edits, each proposal is tried, and
 * the best is kept. Faults and their edits are in the places of the original text.
 */
export function repairSyntax<T>(original: string, evaluator: RepairEvaluator<T>): RepairResult<T> {
  const diagnostics: QueryDiagnostic[] = [];
  const edits: TextEdit[] = [];
  let text = original;
  for (let round = 0; round <= maxRounds; round++) {
    const parsed = evaluator.parse(text);
    if (parsed.ok) return { diagnostics: diagnostics, tree: parsed.value, text, edits };
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
  return { diagnostics: diagnostics, text, edits };
}

function toSyntaxDiagnostic(
  diagnostic: ParseDiagnostic,
  edit: TextEdit | undefined,
  text: string,
  before: readonly TextEdit[],
): QueryDiagnostic {
  const { message, fix } = diagnostic;
  const code = /has no (?:query )?function/.test(message) ? 'Q102' : 'Q101';
  const suggestion = edit === undefined ? fix : describeEdit(text, edit);
  return {
    severity: 'error',
    code,
    message,
    ...mapToOriginalSpan(diagnostic, before),
    ...(suggestion === undefined ? {} : { fix: suggestion }),
    ...(edit === undefined ? {} : { edit: { ...mapToOriginalSpan(edit, before), text: edit.text } }),
  };
}

/** An edit as a sentence: what it puts in, or the words around it as they will read. */
function describeEdit(text: string, edit: TextEdit): string {
  const { start, end, text: piece } = edit;
  if (piece === '') return 'Leave this out.';
  if (start === end && /^[(),]$/.test(piece)) {
    const before = text.slice(0, start).split(/\s+/).at(-1)!;
    return before === ''
      ? `Add "${piece}" before ${text.slice(start).split(/\s+/)[0]}.`
      : `Add "${piece}" after ${before}.`;
  }
  const from = /[\w'./]*$/.exec(text.slice(0, start))!.index;
  const length = /^[\w'./]*/.exec(text.slice(end))![0].length;
  return `Write ${(text.slice(from, start) + piece + text.slice(end, end + length)).trim()}.`;
}

/** A range of the text after some edits, in the places of the text before them. */
export function mapToOriginalSpan<Range extends { start: number; end: number }>(
  { start, end }: Range,
  edits: readonly TextEdit[],
) {
  const move = (position: number) => edits.reduceRight((at, edit) => positionBefore(at, edit), position);
  return { start: move(start), end: move(end) };
}

function findBestEdit<T>(
  text: string,
  diagnostics: readonly ParseDiagnostic[],
  { parse, cost, rules: own }: RepairEvaluator<T>,
): TextEdit | undefined {
  let best: { edit: TextEdit; score: number } | undefined;
  const [first] = diagnostics as [ParseDiagnostic];
  const contexts = diagnostics.slice(0, 2).map((diagnostic) => createRepairContext(text, diagnostic));
  const seen = new Set<string>();
  for (const context of contexts) {
    for (const edit of [...own, ...rules].flatMap((rule) => rule(context))) {
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
