import type { Edit } from '../../../model/diagnostic.ts';
import { guidSource } from '../../../model/guid.ts';
import { quoteString } from '../../quote-string.ts';
import { nearbyTokens, type RepairContext, type RepairRule, replaceToken } from './repair-context.ts';

/** The edits that one rule tries at most. */
const maxEdits = 60;

const odata2Literal = new RegExp(
  `\\{(${guidSource})\\}|\\b(?:guid|datetimeoffset|datetime|date|decimal)'([^']*)'`,
  'gi',
);

/** `guid'…'` -> `…`, `{…}` -> `…`, `datetime'…'` -> `…`. */
export const odata2Literals: RepairRule = ({ text }) =>
  [...text.matchAll(odata2Literal)].map(({ 0: all, 1: braced, 2: named = '', index: start }) => {
    const value = /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(named) ? `${named}Z` : (braced ?? named);
    return { start, end: start + all.length, text: value };
  });

/** `2024-01-01T08:00:00` -> `…Z`; `2024-01-01 08:00` -> `2024-01-01T08:00:00Z`. */
export const incompleteDateTimes: RepairRule = (context) => {
  const { text, diagnostic } = context;
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d+)?)?/.exec(text.slice(diagnostic.start));
  const dateBefore = /(\d{4}-\d\d-\d\d) +$/.exec(text.slice(0, diagnostic.start));
  if (found) {
    const [all, day, minute, second = ':00'] = found;
    return [
      { start: diagnostic.start, end: diagnostic.start + all.length, text: `${day}T${minute}${second}Z` },
    ];
  }
  const time = dateBefore && /^(\d\d:\d\d)(:\d\d)?/.exec(text.slice(diagnostic.start));
  if (!time) return [];
  const start = diagnostic.start - dateBefore[0].length;
  return [
    {
      start,
      end: diagnostic.start + time[0].length,
      text: `${dateBefore[1]}T${time[1]}${time[2] ?? ':00'}Z`,
    },
  ];
};

/** `"text"` -> `'text'`. */
export const doubleQuotes: RepairRule = (context) =>
  nearbyTokens(context, 1)
    .filter(({ kind }) => kind === 'text')
    .map((token) => replaceToken(token, quoteString(token.text.slice(1, -1).replaceAll('\\"', '"'))));

/** Adds or doubles a quote: one that is never closed or never opened, or one inside a string. */
export const unbalancedQuotes: RepairRule = ({ text, tokens, diagnostic, index }) => {
  if ((text.match(/'/g)?.length ?? 0) % 2 === 0) return [];
  const edits: Edit[] = [];
  const stops = / (?:and|or) |[),;\]]| ?$/g;
  const opened = [...text.matchAll(/'/g)].map((match) => match.index);
  for (const quote of opened.slice(-4).reverse()) edits.push({ start: quote, end: quote, text: "'" });
  const token = tokens[index];
  const open =
    token?.kind === 'open' ? token.start : (opened.findLast((quote) => quote <= diagnostic.start) ?? 0);
  for (const stop of text.slice(open + 1).matchAll(stops)) {
    const position = open + 1 + stop.index;
    edits.push({ start: position, end: position, text: "'" });
  }
  // A closing quote whose opening quote is missing.
  for (const quote of opened) {
    if (edits.length >= maxEdits) break;
    for (const start of text
      .slice(0, quote)
      .matchAll(/(?<=(?:^|[\s(,=[])(?:(?:eq|ne|gt|ge|lt|le)\s{1,8})?)(?=[^\s(,'])/g)) {
      edits.push({ start: start.index, end: start.index, text: "'" });
    }
  }
  return edits.slice(0, maxEdits);
};

/** Adds missing quotes around text of several words or with other characters. */
export const unquotedText: RepairRule = ({ text, diagnostic }: RepairContext) => {
  const compare = [...text.slice(0, diagnostic.end).matchAll(/\b(?:eq|ne|gt|ge|lt|le)\s+|,\s*/g)].at(-1);
  if (compare === undefined) return [];
  const start = compare.index + compare[0].length;
  const edits: Edit[] = [];
  for (const stop of text.slice(start).matchAll(/(?<!\s)\s+(?:and|or)\s|\)|$/g)) {
    if (edits.length >= maxEdits) break;
    const end = start + stop.index;
    const piece = text.slice(start, end).trimEnd();
    if (piece !== '' && !/^'|'$/.test(piece))
      edits.push({ start, end: start + piece.length, text: quoteString(piece) });
  }
  return edits;
};
