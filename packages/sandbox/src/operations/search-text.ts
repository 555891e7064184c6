import { foldText } from '../store/fold-text.ts';
import { invalidArgument } from '../web-api/errors.ts';

/** A search term: a word, or the words of a phrase. */
export interface SearchTerm {
  /** Folded words; at least one. */
  readonly words: readonly string[];
  readonly need: 'may' | 'must' | 'not';
  /** Whether the last word is a prefix: `kett*`. */
  readonly isPrefix: boolean;
  /** Maximum number of edits to the last word: `ketle~1`. */
  readonly maxEdits: number;
}

/** A part of a text. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const needBySign: Readonly<Record<string, SearchTerm['need']>> = { '+': 'must', '-': 'not' };

/**
 * Parses words, `"phrases"`, `+must`, `-not`, `prefix*` and, in Lucene syntax, `fuzzy~`. A backslash escapes a
 * character. The sandbox does not support groups and other operators and rejects them.
 * https://learn.microsoft.com/power-apps/developer/data-platform/search/query
 */
export function parseSearchText(text: string, syntax: 'simple' | 'lucene'): readonly SearchTerm[] {
  rejectUnsupportedOperators(text, syntax);
  const parts = text.matchAll(/([+-]?)("(?:\\.|[^"\\])*"|(?:\\.|[^\s"])+)/g);
  const terms = [...parts].map(([, sign = '', part = '']) =>
    parseSearchTerm(needBySign[sign] ?? 'may', part, syntax),
  );
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
  const unsupported = (syntax === 'lucene' ? /[()[\]{}|&^:/!]|\b(?:AND|OR|NOT)\b/ : /[()|]/).exec(bare);
  if (unsupported !== null)
    throw invalidArgument(`The search of the sandbox does not support the operator '${unsupported[0]}'.`);
}

/** The ranges of a text that match a term. */
export function findTermRanges(
  { words, isPrefix, maxEdits }: SearchTerm,
  text: string,
): readonly TextRange[] {
  const textWords = splitWords(text);
  const matchesWord = (expected: string, index: number, word: string | undefined): boolean => {
    const isLast = index === words.length - 1;
    if (word === expected || word === undefined || !isLast) return word === expected;
    if (isPrefix && word.startsWith(expected)) return true;
    return maxEdits > 0 && isWithinEdits(word, expected, maxEdits);
  };
  return textWords.flatMap(({ start }, at) => {
    const candidates = textWords.slice(at, at + words.length);
    const end = candidates.at(-1)?.end;
    const isHit = words.every((expected, index) => matchesWord(expected, index, candidates[index]?.word));
    return isHit && end !== undefined ? [{ start, end }] : [];
  });
}

function splitWords(text: string): readonly (TextRange & { readonly word: string })[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map(({ 0: word, index }) => ({
    word: foldText(word),
    start: index,
    end: index + word.length,
  }));
}

/** Whether one word becomes the other by at most this many insertions, deletions or substitutions (Levenshtein). */
function isWithinEdits(one: string, other: string, edits: number): boolean {
  if (one === '' || other === '') return one.length + other.length <= edits;
  if (one[0] === other[0]) return isWithinEdits(one.slice(1), other.slice(1), edits);
  if (edits === 0) return false;
  const [restOfOne, restOfOther] = [one.slice(1), other.slice(1)];
  return (
    isWithinEdits(restOfOne, other, edits - 1) ||
    isWithinEdits(one, restOfOther, edits - 1) ||
    isWithinEdits(restOfOne, restOfOther, edits - 1)
  );
}

/** Marks ranges of a text with `{crmhit}` and `{/crmhit}`. */
export function highlightRanges(text: string, ranges: readonly TextRange[]): string {
  let highlighted = '';
  let at = 0;
  for (const { start, end } of ranges.toSorted((one, other) => one.start - other.start)) {
    if (start < at) continue;
    highlighted += `${text.slice(at, start)}{crmhit}${text.slice(start, end)}{/crmhit}`;
    at = end;
  }
  return highlighted + text.slice(at);
}
