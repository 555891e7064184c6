import { guidSource } from '../../model/guid.ts';
import type { Span } from '../../model/span.ts';

/**
 * `value` begins like a number: it is a number, date or date-time (see read-operand.ts). `text` is a JSON string in double
 * quotes. `enum` is a quoted string directly after a name. `open` is a quote that is never closed, with all text after it.
 * `bad` is a character that queries do not have.
 */
export type TokenKind =
  | 'word'
  | 'alias'
  | 'guid'
  | 'value'
  | 'string'
  | 'text'
  | 'enum'
  | 'symbol'
  | 'open'
  | 'bad'
  | 'end';

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As written, quotes included. */
  readonly text: string;
}

const quoted = "'[^']*(?:''[^']*)*'";

/** What each kind of token looks like. The first that matches is used; the last one always matches. */
const patterns: readonly (readonly [TokenKind | 'space', string])[] = [
  ['space', '\\s+'],
  ['guid', `${guidSource}(?![\\w-])`],
  ['value', '-?\\d[\\w.:+-]*'],
  ['enum', `[A-Za-z_]\\w*(?:\\.\\w+)*${quoted}`],
  ['word', '[$A-Za-z_]\\w*(?:\\.\\w+)*'],
  ['alias', '@\\w+'],
  ['string', quoted],
  ['text', '"(?:[^"\\\\]|\\\\[^])*"'],
  ['symbol', '[()\\[\\],/:;=*]'],
  ['open', '[\'"][^]*'],
  ['bad', '[^]'],
];

/** One group for each kind, in their order. Without names: an object of names for each token takes most of the time. */
const anyToken = new RegExp(patterns.map(([, source]) => `(${source})`).join('|'), 'gu');

/** Splits a query into tokens, without white space. The last token is always `end`. Never throws. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(anyToken)) {
    const [kind] = patterns[match.indexOf(match[0], 1) - 1] ?? ['space'];
    if (kind === 'space') continue;
    const end = match.index + match[0].length;
    tokens.push({ kind, text: match[0], start: match.index, end });
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}
