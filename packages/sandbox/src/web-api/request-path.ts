import { DataverseError } from './errors.ts';

/** A decoded segment of a resource path: `accounts(id)` has the name `accounts` and the arguments `id`. */
export interface PathSegment {
  readonly name: string;
  /** The text between the parentheses: absent without parentheses, empty for `()`. */
  readonly args?: string;
}

/** The parts of a request target. */
export interface RequestTarget {
  /** API version in lower case, for example `v9.2`. */
  readonly version: string;
  readonly segments: readonly PathSegment[];
  /** The path after the version as it was sent: `/accounts(…)`. */
  readonly path: string;
  /** The query string, percent-encoded. */
  readonly rawQuery: string;
}

/** Clients join URLs with one slash too many (`//api/data/v9.2//accounts`), which Dataverse accepts. */
const apiPath = /^\/+(?:[\w-]+\/+)?api\/+data\/+(v\d+\.\d+)(?:\/+|$)/i;

/**
 * Parses a target: `/api/data/v9.2/accounts(…)/name?$select=…`, or an absolute URL. Throws for other paths, invalid
 * percent-encoding and unbalanced parentheses.
 */
export function parseTarget(target: string): RequestTarget {
  const local = target.replace(/^https?:\/\/[^/?#]*/i, '');
  const queryStart = local.indexOf('?');
  const path = queryStart < 0 ? local : local.slice(0, queryStart);
  const [prefix = '', version = ''] = apiPath.exec(path) ?? [];
  if (!/^v(8\.[0-2]|9\.[0-2])$/i.test(version)) {
    throw new DataverseError(404, '0x80060888', 'The requested resource could not be found.');
  }
  const text = percentDecode(path.slice(prefix.length));
  const rawQuery = queryStart < 0 ? '' : local.slice(queryStart + 1).replace(/#.*$/s, '');
  const below = `/${path.slice(prefix.length)}`;
  return { version: version.toLowerCase(), segments: parseSegments(text), path: below, rawQuery };
}

/** Splits a decoded resource path into its segments: `accounts(name='a/b')/primarycontactid`. Empty ones are left out. */
export function parseSegments(path: string): readonly PathSegment[] {
  return splitTopLevel(path, '/')
    .filter((part) => part !== '')
    .map(parseSegment);
}

function parseSegment(text: string): PathSegment {
  const open = text.indexOf('(');
  if (open < 0) {
    if (text.includes(')')) throw malformedSegment(text);
    return { name: text };
  }
  if (!text.endsWith(')') || open === 0) throw malformedSegment(text);
  return { name: text.slice(0, open), args: text.slice(open + 1, -1) };
}

const closing: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

/**
 * Splits a text at a separator outside quotes, parentheses, braces and brackets. `''` in a quoted text is one quote;
 * in double quotes, a backslash escapes the next character.
 */
export function splitTopLevel(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  const open: string[] = [];
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
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

/** Percent-decodes a text. Throws when it is not valid UTF-8. */
export function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DataverseError(400, '0x80060888', 'Bad Request - Error in query syntax.');
  }
}

function malformedSegment(text: string) {
  const shown = text.slice(0, 100);
  return new DataverseError(
    400,
    '0x80060888',
    `Bad Request - Error in query syntax: the segment '${shown}' is malformed.`,
  );
}
