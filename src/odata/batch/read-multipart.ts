import type { LongText } from '../../model/long-text.ts';
import type { Span } from '../../model/span.ts';
import type { ParseDiagnostic } from '../query/ast.ts';

/** A text that is read at places inside of it: a string, or a text in pieces. */
export type ReadableText = Pick<LongText, 'length' | 'charAt' | 'indexOf' | 'slice'>;

/** Headers (names in lower case) and where their body begins. */
export interface HeaderBlock {
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyStart: number;
}

/** The boundary of a `multipart/mixed` content type, or undefined (RFC 2046, 5.1.1). */
export function readBoundary(contentType: string): string | undefined {
  const [type = '', ...parameters] = contentType.split(';');
  if (type.trim().toLowerCase() !== 'multipart/mixed') return undefined;
  const boundary = parameters.map((text) => text.trim()).find((text) => /^boundary=/i.test(text));
  const value = boundary?.slice('boundary='.length).replace(/^"(.*)"$/, '$1') ?? '';
  return /^[\w'()+,./:=?-]{1,70}$/.test(value) ? value : undefined;
}

/**
 * Splits `text[within]` at the lines that are exactly this delimiter. The text before the first and after the closing
 * delimiter is ignored. Lines can end with CRLF or LF.
 */
export function splitMultipart(
  text: ReadableText,
  within: Span,
  boundary: string,
): readonly Span[] | ParseDiagnostic {
  const delimiter = `--${boundary}`;
  const startsWithDelimiter = text.slice(within.start, within.start + delimiter.length) === delimiter;
  const pieces: Span[] = [];
  let from: number | undefined;
  // With its line break: texts have many hyphens, and few line breaks.
  const findNext = (start: number) => text.indexOf(`\n${delimiter}`, start) + 1 || within.end;
  for (
    let at = startsWithDelimiter ? within.start : findNext(within.start);
    at < within.end;
    at = findNext(at)
  ) {
    const after = at + delimiter.length;
    // At most 20 spaces can follow a delimiter, so that hostile text is read quickly.
    const line = /^(--)?[ \t]{0,20}(?:\r?\n|$)/.exec(text.slice(after, Math.min(after + 24, within.end)));
    if (line === null) continue;
    if (from !== undefined)
      pieces.push({ start: from, end: lineBreakBefore(text, Math.max(at, from), from) });
    if (line[1]) return pieces;
    from = after + line[0].length;
  }
  const message = from === undefined ? 'The boundary does not occur.' : 'The closing boundary is missing.';
  return { message, start: from ?? within.start, end: within.end };
}

/** The end of a part: the line break before a delimiter belongs to the delimiter. */
function lineBreakBefore(text: ReadableText, at: number, from: number): number {
  if (at <= from || text.charAt(at - 1) !== '\n') return at;
  return at - 1 > from && text.charAt(at - 2) === '\r' ? at - 2 : at - 1;
}

const headerName = /^[!#$%&'*+.^_`|~\w-]+$/;
/** What `.` of a regular expression does not match. */
const lineBreak = /[\r\u2028\u2029]/;

/** Reads `Name: value` lines up to the empty line, or up to the end of the part if it has no body. */
export function readHeaders(text: ReadableText, { start, end }: Span): HeaderBlock | ParseDiagnostic {
  const headers: Record<string, string> = {};
  for (let at = start; at < end; ) {
    const newline = text.indexOf('\n', at);
    const lineEnd = newline < 0 || newline >= end ? end : newline;
    const next = Math.min(lineEnd + 1, end);
    const contentEnd = lineEnd > at && text.charAt(lineEnd - 1) === '\r' ? lineEnd - 1 : lineEnd;
    if (contentEnd === at) return { headers, bodyStart: next };
    const colon = text.indexOf(':', at);
    const name = colon < 0 || colon > contentEnd ? '' : text.slice(at, colon);
    let valueStart = colon + 1;
    while (valueStart < contentEnd && isBlank(text.charAt(valueStart))) valueStart++;
    const value = text.slice(valueStart, contentEnd);
    if (!headerName.test(name) || lineBreak.test(value))
      return { message: 'This line is not a header.', start: at, end: lineEnd };
    headers[name.toLowerCase()] = value.trimEnd();
    at = next;
  }
  return { headers, bodyStart: end };
}

function isBlank(character: string): boolean {
  return character === ' ' || character === '\t';
}
