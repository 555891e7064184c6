import { suggest } from '../../../errors/suggest.ts';
import type { Edit } from '../../../model/diagnostic.ts';
import { insertText, nearbyTokens, type RepairRule, replaceToken } from './repair-context.ts';

const keywords: readonly string[] = [
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

/** Words of other languages -> the words of Dataverse. */
const otherDialectWords: Readonly<Record<string, string>> = {
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
export const misspelledWords: RepairRule = (context) =>
  nearbyTokens(context).flatMap((token): readonly Edit[] => {
    if (token.kind !== 'word') return [];
    const lower = token.text.toLowerCase();
    const isCall = context.text[token.end] === '(';
    const known = isCall ? functions : keywords;
    const exact = known.find((word) => word === lower) ?? otherDialectWords[lower];
    const near = suggest(
      lower,
      known.filter((word) => isCall || isNear(lower, word)),
      4,
    );
    return [...(exact ? [exact] : []), ...near]
      .filter((word) => word !== token.text)
      .map((word) => replaceToken(token, word));
  });

/** Whether two short words differ in only one letter, or in two swapped letters. */
function isNear(wrong: string, word: string): boolean {
  if (Math.abs(wrong.length - word.length) > 1) return false;
  const letters = [...word].filter((letter) => wrong.includes(letter)).length;
  return letters >= word.length - 1 && letters >= 1;
}

const symbolOperators: readonly (readonly [RegExp, string])[] = [
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
export const otherDialectSymbols: RepairRule = ({ text, diagnostic }) => {
  const run = /^[=!<>&|,;]+/.exec(text.slice(diagnostic.start))?.[0] ?? '';
  const word = symbolOperators.find(([sign]) => sign.test(run))?.[1];
  if (word === undefined) return [];
  const before = text.slice(0, diagnostic.start).trimEnd().length;
  const rest = text.slice(diagnostic.start + run.length);
  const end = diagnostic.start + run.length + (rest.length - rest.trimStart().length);
  return [{ start: before, end, text: ` ${word} ` }];
};

/** Inserts a missing token: an operator, a comma, or "and". */
export const missingToken: RepairRule = ({ tokens, index, diagnostic }) => {
  const [previous, at] = [tokens[index - 1], tokens[index]];
  const missing = at ? ['eq ', 'and ', 'ne '].map((word) => insertText(at.start, word)) : [];
  const comma = previous ? [insertText(previous.end, ',')] : [];
  const bare = /missing/.test(diagnostic.message) ? [insertText(diagnostic.end, ' eq true')] : [];
  return [...comma, ...bare, ...missing];
};

/** Removes a token that is too much: a comma, a repeated word, a symbol. */
export const surplusToken: RepairRule = (context) =>
  nearbyTokens(context, 1).map(({ start, end }) => {
    const rest = context.text.slice(end);
    return { start, end: end + rest.length - rest.trimStart().length, text: '' };
  });

/** `not a eq 1` -> `not (a eq 1)`. */
export const groupAfterNot: RepairRule = ({ text, diagnostic }) =>
  /"not"/.test(diagnostic.message)
    ? [
        {
          start: diagnostic.start,
          end: diagnostic.end,
          text: `(${text.slice(diagnostic.start, diagnostic.end)})`,
        },
      ]
    : [];
