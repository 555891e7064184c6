import { suggest } from '../../../errors/suggest.ts';
import type { Edit } from '../fault.ts';
import { insert, nearby, type Rule, replace } from './place.ts';

const words: readonly string[] = [
  'eq',
  'ne',
  'gt',
  'ge',
  'lt',
  'le',
  'and',
  'or',
  'not',
  'null',
  'true',
  'false',
  'asc',
  'desc',
];
const functions: readonly string[] = ['contains', 'startswith', 'endswith', 'any', 'all'];

/** What other languages say -> what Dataverse's says. */
const foreign: Readonly<Record<string, string>> = {
  equals: 'eq',
  equal: 'eq',
  is: 'eq',
  isnot: 'ne',
  neq: 'ne',
  gte: 'ge',
  lte: 'le',
  ascending: 'asc',
  descending: 'desc',
  none: 'null',
  nil: 'null',
  undefined: 'null',
  contain: 'contains',
  includes: 'contains',
  like: 'contains',
  beginswith: 'startswith',
  startwith: 'startswith',
  endwith: 'endswith',
  exists: 'any',
};

/** `EQ` -> `eq`, `equals` -> `eq`, `adn` -> `and`, `Contains` -> `contains`. */
export const misspelt: Rule = (place) =>
  nearby(place).flatMap((token): readonly Edit[] => {
    if (token.kind !== 'word') return [];
    const lower = token.text.toLowerCase();
    const isCall = place.text[token.end] === '(';
    const known = isCall ? functions : words;
    const exact = known.find((word) => word === lower) ?? foreign[lower];
    const near = suggest(
      lower,
      known.filter((word) => isCall || isNear(lower, word)),
      4,
    );
    return [...(exact ? [exact] : []), ...near]
      .filter((word) => word !== token.text)
      .map((word) => replace(token, word));
  });

/** Short words are near only when one letter was doubled, dropped, swapped or changed. */
function isNear(wrong: string, word: string): boolean {
  if (Math.abs(wrong.length - word.length) > 1) return false;
  const letters = [...word].filter((letter) => wrong.includes(letter)).length;
  return letters >= word.length - 1 && letters >= 1;
}

const signs: readonly (readonly [RegExp, string])[] = [
  [/^(===?|=)$/, 'eq'],
  [/^(!==?|<>)$/, 'ne'],
  [/^>=$/, 'ge'],
  [/^<=$/, 'le'],
  [/^>$/, 'gt'],
  [/^<$/, 'lt'],
  [/^&&?$|^,$|^;$/, 'and'],
  [/^\|\|?$/, 'or'],
];

/** `=` -> `eq`, `!=` -> `ne`, `&&` -> `and`. */
export const foreignSigns: Rule = ({ text, fault }) => {
  const run = /^[=!<>&|,;]+/.exec(text.slice(fault.start))?.[0] ?? '';
  const word = signs.find(([sign]) => sign.test(run))?.[1];
  if (word === undefined) return [];
  const before = text.slice(0, fault.start).trimEnd().length;
  const rest = text.slice(fault.start + run.length);
  const end = fault.start + run.length + (rest.length - rest.trimStart().length);
  return [{ start: before, end, text: ` ${word} ` }];
};

/** Something that was left out between two things: an operator, a comma, "and". */
export const leftOut: Rule = ({ tokens, index, fault }) => {
  const at = tokens[index]!;
  const previous = tokens[index - 1];
  const missing = ['eq ', 'and ', 'ne '].map((word) => insert(at.start, word));
  const comma = previous ? [insert(previous.end, ',')] : [];
  const bare = /missing/.test(fault.message) ? [insert(fault.end, ' eq true')] : [];
  return [...comma, ...bare, ...missing];
};

/** Something that is too much: a comma, a word said twice, a sign. */
export const tooMuch: Rule = (place) =>
  nearby(place, 1).map(({ start, end }) => {
    const gap = /^\s*/.exec(place.text.slice(end))![0].length;
    return { start, end: end + gap, text: '' };
  });

/** `not a eq 1` -> `not (a eq 1)`. */
export const groupAfterNot: Rule = ({ text, fault }) =>
  /"not"/.test(fault.message)
    ? [{ start: fault.start, end: fault.end, text: `(${text.slice(fault.start, fault.end)})` }]
    : [];
