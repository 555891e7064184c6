import { dataverseError } from './errors.ts';

/** One segment of a resource path, decoded: `accounts(id)` is the name `accounts` with the arguments `id`. */
export interface PathSegment {
  readonly name: string;
  /** The text between the parentheses; absent where there are none, empty for `()`. */
  readonly args?: string;
}

/** A request's target in its parts. */
export interface RequestTarget {
  /** `v9.2`, as the caller wrote it. */
  readonly version: string;
  readonly segments: readonly PathSegment[];
  /** The path below the version, as it came: `/accounts(…)`. */
  readonly path: string;
  /** What follows the question mark, still percent-encoded. */
  readonly rawQuery: string;
}

const apiPath = /^\/(?:[\w-]+\/)?api\/data\/(v\d+\.\d+)(?:\/|$)/i;

/**
 * Takes a target (`/api/data/v9.2/accounts(…)/name?$select=…`) apart; an absolute URL is taken at its path.
 * Refuses what is not below `/api/data/`, bad percent-encoding and unbalanced parentheses.
 */
export function parseTarget(target: string): RequestTarget {
  const local = target.replace(/^https?:\/\/[^/?#]*/i, '');
  const queryStart = local.indexOf('?');
  const path = queryStart < 0 ? local : local.slice(0, queryStart);
  const api = apiPath.exec(path);
  if (!api || !/^v(8\.[0-2]|9\.[0-2])$/i.test(api[1]!)) {
    throw dataverseError(404, '0x80060888', 'The requested resource could not be found.');
  }
  const text = percentDecode(path.slice(api[0].length));
  const rawQuery = queryStart < 0 ? '' : local.slice(queryStart + 1).replace(/#.*$/s, '');
  const below = `/${path.slice(api[0].length)}`;
  return { version: api[1]!.toLowerCase(), segments: parseSegments(text), path: below, rawQuery };
}

/** Splits a decoded resource path (`accounts(name='a/b')/primarycontactid`) into its segments. */
export function parseSegments(path: string): readonly PathSegment[] {
  const parts = splitTopLevel(path.replace(/\/+$/, ''), '/');
  if (parts.length === 1 && parts[0] === '') return [];
  return parts.map(parseSegment);
}

function parseSegment(text: string): PathSegment {
  const open = text.indexOf('(');
  if (open < 0) {
    if (text === '' || text.includes(')')) throw malformedSegment(text);
    return { name: text };
  }
  if (!text.endsWith(')') || open === 0) throw malformedSegment(text);
  return { name: text.slice(0, open), args: text.slice(open + 1, -1) };
}

const closing: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

/**
 * Splits at a character that stands outside quotes, parentheses, braces and brackets.
 * `''` inside a quoted text is one quote, as everywhere in OData; backslashes escape inside double quotes.
 */
export function splitTopLevel(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  const open: string[] = [];
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (quote) {
      if (char === '\\' && quote === '"') at++;
      else if (char === quote) quote = '';
    } else if (char === "'" || char === '"') quote = char;
    else if (closing[char]) open.push(closing[char]);
    else if (char === open.at(-1)) open.pop();
    else if (char === separator && open.length === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  if (quote || open.length > 0) throw malformedSegment(text);
  return [...parts, text.slice(start)];
}

/** Percent-decoding; what is not UTF-8 is refused. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw dataverseError(400, '0x80060888', 'Bad Request - Error in query syntax.');
  }
}

function malformedSegment(text: string) {
  const shown = text.slice(0, 100);
  return dataverseError(
    400,
    '0x80060888',
    `Bad Request - Error in query syntax: the segment '${shown}' is malformed.`,
  );
}
