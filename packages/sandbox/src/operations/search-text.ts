import { foldText } from '../store/fold-text.ts';
import { invalidArgument } from '../web-api/errors.ts';

/** One thing that is looked for: a word, or several that stand side by side. */
export interface SearchTerm {
  /** Folded; at least one. */
  readonly words: readonly string[];
  readonly need: 'may' | 'must' | 'not';
  /** The last word may go on: `kett*`. */
  readonly isPrefix: boolean;
  /** How many letters of the last word may be wrong: `ketle~1`. */
  readonly maxEdits: number;
}

/** Where something stands in a text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const needBySign: Readonly<Record<string, SearchTerm['need']>> = { '': 'may', '+': 'must', '-': 'not' };

/**
 * Reads words, `"phrases"`, `+must`, `-not`, `prefix*`, in Lucene also `fuzzy~`; a backslash takes a sign's
 * meaning away. Groups and the other operators are refused: the sandbox does not know them.
 * https://learn.microsoft.com/power-apps/developer/data-platform/search/query
 */
export function parseSearchText(text: string, syntax: 'simple' | 'lucene'): readonly SearchTerm[] {
  rejectUnsupportedOperators(text, syntax);
  const parts = text.matchAll(/([+-]?)("(?:\\.|[^"\\])*"|(?:\\.|[^\s"])+)/g);
  const terms = [...parts].map(([, sign, part]) => parseSearchTerm(needBySign[sign!]!, part!, syntax));
  return terms.filter(({ words }) => words.length > 0);
}

function parseSearchTerm(need: SearchTerm['need'], part: string, syntax: 'simple' | 'lucene'): SearchTerm {
  const fuzzy = syntax === 'lucene' ? /(?<!\\)~([12]?)$/.exec(part) : null;
  return {
    words: splitWords(fuzzy === null ? part : part.slice(0, fuzzy.index)).map(({ word }) => word),
    need,
    isPrefix: /(?<!\\)\*$/.test(part),
    maxEdits: fuzzy === null ? 0 : Number(fuzzy[1] || 2),
  };
}

function rejectUnsupportedOperators(text: string, syntax: 'simple' | 'lucene'): void {
  const bare = text.replace(/\\.|"(?:\\.|[^"\\])*"/g, ' ');
  const unknown = (syntax === 'lucene' ? /[()[\]{}|&^:/!]|\b(?:AND|OR|NOT)\b/ : /[()|]/).exec(bare);
  if (unknown !== null)
    throw invalidArgument(`The sandbox's search does not know the operator '${unknown[0]}'.`);
}

/** Where the term stands in a text. */
export function findTermRanges(
  { words, isPrefix, maxEdits }: SearchTerm,
  text: string,
): readonly TextRange[] {
  const found = splitWords(text);
  const last = words.length - 1;
  const fits = (word: string, index: number) => {
    const wanted = words[index]!;
    if (word === wanted || index < last) return word === wanted;
    return (isPrefix && word.startsWith(wanted)) || (maxEdits > 0 && isWithinEdits(word, wanted, maxEdits));
  };
  return found.flatMap(({ start }, at) => {
    const run = found.slice(at, at + words.length);
    const isHit = run.length === words.length && run.every(({ word }, index) => fits(word, index));
    return isHit ? [{ start, end: run[last]!.end }] : [];
  });
}

function splitWords(text: string): readonly (TextRange & { readonly word: string })[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map(({ 0: word, index }) => ({
    word: foldText(word),
    start: index,
    end: index + word.length,
  }));
}

/** Whether so many letters added, left out or changed make one word of the other (Levenshtein). */
function isWithinEdits(one: string, other: string, edits: number): boolean {
  if (one === '' || other === '') return one.length + other.length <= edits;
  if (one[0] === other[0]) return isWithinEdits(one.slice(1), other.slice(1), edits);
  if (edits === 0) return false;
  const [shortOne, shortOther] = [one.slice(1), other.slice(1)];
  return [
    [shortOne, other],
    [one, shortOther],
    [shortOne, shortOther],
  ].some(([left, right]) => isWithinEdits(left!, right!, edits - 1));
}

/** The text with every hit between `{crmhit}` and `{/crmhit}`. */
export function highlightRanges(text: string, spans: readonly TextRange[]): string {
  let marked = '';
  let at = 0;
  for (const { start, end } of spans.toSorted((one, other) => one.start - other.start)) {
    if (start < at) continue;
    marked += `${text.slice(at, start)}{crmhit}${text.slice(start, end)}{/crmhit}`;
    at = end;
  }
  return marked + text.slice(at);
}
