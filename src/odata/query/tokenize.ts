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

/** One group for each kind of token. The first group that matches is used; the last one always matches. */
const pattern = new RegExp(
  [
    '(?<space>\\s+)',
    `(?<guid>${guidSource}(?![\\w-]))`,
    '(?<value>-?\\d[\\w.:+-]*)',
    `(?<enum>[A-Za-z_]\\w*(?:\\.\\w+)*${quoted})`,
    '(?<word>[$A-Za-z_]\\w*(?:\\.\\w+)*)',
    '(?<alias>@\\w+)',
    `(?<string>${quoted})`,
    '(?<text>"(?:[^"\\\\]|\\\\[^])*")',
    '(?<symbol>[()\\[\\],/:;=*])',
    '(?<open>[\'"][^]*)',
    '(?<bad>[^])',
  ].join('|'),
  'gu',
);

/** Splits a query into tokens, without white space. The last token is always `end`. Never throws. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(pattern)) {
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    if (kind === undefined || kind === 'space') continue;
    const end = match.index + match[0].length;
    tokens.push({ kind: kind as TokenKind, text: match[0], start: match.index, end });
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}
