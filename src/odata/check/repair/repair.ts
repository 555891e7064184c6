import type { Fault, Parsed } from '../../query/ast.ts';
import { applyEdits, type Edit, positionBefore, type QueryFault } from '../fault.ts';
import { comparedCalls, foreignCalls, foreignOperators, queryFunctionNames } from './calls.ts';
import { closeParenthesis, openParenthesis } from './parentheses.ts';
import { placeOf, type Rule } from './place.ts';
import { bareText, doubleQuotes, moments, oldForms, quotes } from './values.ts';
import { foreignSigns, groupAfterNot, leftOut, misspelt, tooMuch } from './words.ts';

/** The likeliest first: of proposals that work equally well the first is taken. */
const rules: readonly Rule[] = [
  foreignCalls,
  comparedCalls,
  foreignOperators,
  queryFunctionNames,
  foreignSigns,
  misspelt,
  oldForms,
  moments,
  doubleQuotes,
  quotes,
  closeParenthesis,
  openParenthesis,
  groupAfterNot,
  bareText,
  leftOut,
  tooMuch,
];

/** What was written was probably meant: leaving it out comes after every repair that makes sense. */
export const costOfLoss = 5;

/** No text has so many faults that repairing more of them would still be a help. */
const maxRounds = 5;

/** How a repaired text is judged. */
export interface Judge<T> {
  readonly parse: (text: string) => Parsed<T>;
  /** Lower is better, for a text that parses: names and types that do not fit, parentheses without a meaning. */
  readonly cost: (text: string, tree: T) => number;
  /** Rules that need to know the table. */
  readonly rules: readonly Rule[];
}

/** A text that parses, if one could be made of it, and the way there. */
export interface Repaired<T> {
  readonly faults: readonly QueryFault[];
  readonly tree?: T;
  readonly text: string;
  readonly edits: readonly Edit[];
}

/**
 * Finds the syntax faults of a text and repairs them one by one: rules propose edits, each proposal is tried, and
 * the best is kept. Faults and their edits are in the places of the original text.
 */
export function repair<T>(original: string, judge: Judge<T>): Repaired<T> {
  const faults: QueryFault[] = [];
  const edits: Edit[] = [];
  let text = original;
  for (let round = 0; round <= maxRounds; round++) {
    const parsed = judge.parse(text);
    if (parsed.ok) return { faults, tree: parsed.value, text, edits };
    const edit = round < maxRounds ? bestEdit(text, parsed.faults, judge) : undefined;
    const [fault] = parsed.faults as [Fault];
    faults.push(syntaxFault(fault, edit, text, edits));
    if (edit === undefined) {
      faults.push(...parsed.faults.slice(1).map((other) => syntaxFault(other, undefined, text, edits)));
      break;
    }
    edits.push(edit);
    text = applyEdits(text, [edit]);
  }
  return { faults, text, edits };
}

function syntaxFault(
  fault: Fault,
  edit: Edit | undefined,
  text: string,
  before: readonly Edit[],
): QueryFault {
  const { message, fix } = fault;
  const code = /has no (?:query )?function/.test(message) ? 'Q102' : 'Q101';
  const said = edit === undefined ? fix : wordsFor(text, edit);
  return {
    severity: 'error',
    code,
    message,
    ...back(fault, before),
    ...(said === undefined ? {} : { fix: said }),
    ...(edit === undefined ? {} : { edit: { ...back(edit, before), text: edit.text } }),
  };
}

/** An edit as a sentence: what it puts in, or the words around it as they will read. */
function wordsFor(text: string, edit: Edit): string {
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
export function back<Range extends { start: number; end: number }>(
  { start, end }: Range,
  edits: readonly Edit[],
) {
  const move = (position: number) => edits.reduceRight((at, edit) => positionBefore(at, edit), position);
  return { start: move(start), end: move(end) };
}

function bestEdit<T>(
  text: string,
  faults: readonly Fault[],
  { parse, cost, rules: own }: Judge<T>,
): Edit | undefined {
  let best: { edit: Edit; score: number } | undefined;
  const [first] = faults as [Fault];
  const places = faults.slice(0, 2).map((fault) => placeOf(text, fault));
  const seen = new Set<string>();
  for (const place of places) {
    for (const edit of [...own, ...rules].flatMap((rule) => rule(place))) {
      const tried = applyEdits(text, [edit]);
      if (seen.has(tried) || tried === text) continue;
      seen.add(tried);
      const parsed = parse(tried);
      const lost = edit.text === '' ? costOfLoss : 0;
      const score = parsed.ok ? cost(tried, parsed.value) + lost : 1_000_000 - firstFault(parsed.faults);
      const better = parsed.ok || firstFault(parsed.faults) > first.end;
      if (better && (best === undefined || score < best.score)) best = { edit, score };
      if (score === 0) return edit;
    }
  }
  return best?.edit;
}

function firstFault(faults: readonly Fault[]): number {
  return Math.min(...faults.map(({ start }) => start));
}
