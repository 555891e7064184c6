/** Words that say nothing about what a person wants to do. */
const stopWords: ReadonlySet<string> = new Set(
  (
    'a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it its ' +
    'just let like may me must my need no not of on one or our please she should so some someone something that the their ' +
    'them then there these they this those to up us want was we were what when where which who will with would you your'
  ).split(' '),
);

/** The words of a question that are searched for, and the whole question as one text, both in their stems. */
export interface SearchWords {
  readonly words: readonly string[];
  /** For phrases of several words: "how many", "group by". */
  readonly text: string;
  /** Those of `words` that are plurals: people who say "tickets" want several. */
  readonly plurals: ReadonlySet<string>;
}

/** Splits a question into stems. Words of one letter, and those without meaning, are left out of `words`. */
export function searchWordsOf(question: string): SearchWords {
  const all = wordsOf(question);
  const words = all.filter((word, at) => word.length > 1 && !stopWords.has(word) && !isAdjective(all, at));
  const plurals = new Set(words.filter(isPlural).map(stemOf));
  return { words: [...new Set(words.map(stemOf))], text: all.map(stemOf).join(' '), plurals };
}

/** Whether a word has the form of a plural. */
export function isPlural(word: string): boolean {
  return word === 'people' || (word.length > 3 && /.[^su]s$/.test(word));
}

/** The words of a text, in their stems. */
export function stemsOf(text: string): ReadonlySet<string> {
  return new Set(wordsOf(text).map(stemOf));
}

/** The words of a text in lower case. */
export function wordsOf(text: string): readonly string[] {
  return (
    text
      .toLowerCase()
      .replaceAll(/(?<!\S)[^\s@]+@\S+/g, ' ')
      .replaceAll(/e-mail/g, 'email')
      .replaceAll(/(\p{L})['’]s\b/gu, '$1')
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** "open tickets" are tickets that are open; "open a ticket" is to create one. */
function isAdjective(words: readonly string[], at: number): boolean {
  if (words[at] !== 'open') return false;
  return !['a', 'an', 'new', 'one', 'another', undefined].includes(words[at + 1]);
}

/**
 * The stem of an English word, good enough to find "escalated" by "escalate" and "queries" by "query". It is the same for
 * all forms of a word, and need not be a word.
 */
export function stemOf(word: string): string {
  if (word.length <= 3) return word;
  const singular = /..(ies|ied)$/.test(word)
    ? `${word.slice(0, -3)}y`
    : word.replace(/(ss|x|ch|sh)es$/, '$1').replace(/([^su])s$/, '$1');
  const base = singular.length > 5 ? singular.replace(/(ing|ed|ation)$/, '') : singular;
  const undoubled = base === singular ? base : undouble(base);
  return undoubled.length > 3 ? undoubled.replace(/e$/, '') : undoubled;
}

/** "plann" -> "plan", but "call" of "called" stays. */
function undouble(base: string): string {
  if (/^.{2}ll$/.test(base)) return base;
  return base.replace(/([bdfglmnprt])\1$/, '$1');
}
