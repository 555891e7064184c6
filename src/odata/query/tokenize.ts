import { guidSource } from '../../model/guid.ts';
import type { Span } from '../../model/span.ts';

/**
 * `value` is a run that begins like a number: a number, date or date-time, told apart by literals.ts. `text` is
 * a JSON string in double quotes. `enum` is a quoted string glued to a name. `open` is a quote that is never
 * closed, with all that follows it; `bad` a character that has no place in a query.
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

/** One group for each kind of token; the first that matches wins, and the last one always does. */
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

/** Cuts a query into tokens without its white space; always ends with an `end` token, never fails. */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(pattern)) {
    const kind = Object.keys(match.groups!).find((name) => match.groups![name] !== undefined)!;
    if (kind === 'space') continue;
    const end = match.index + match[0].length;
    tokens.push({ kind: kind as TokenKind, text: match[0], start: match.index, end });
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length });
  return tokens;
}
