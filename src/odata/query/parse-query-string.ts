import type { ParameterAliases, ParseDiagnostic, ParseResult } from './ast.ts';

/** The options of a URL, decoded once. Values are not parsed. */
export interface ParsedQueryString {
  /** `$filter` and the like, and options of other kinds (`fetchXml`, `tag`); names as written, case-sensitive. */
  readonly options: ReadonlyMap<string, string>;
  /** `@p1` -> its text. */
  readonly aliases: ParameterAliases;
}

/**
 * Reads what follows the "?" of a URL. A plus sign is a space; an option given twice and broken
 * percent-encoding are faults, with their place in the raw text.
 */
export function parseQueryString(rawQuery: string): ParseResult<ParsedQueryString> {
  const options = new Map<string, string>();
  const aliases = new Map<string, string>();
  const diagnostics: ParseDiagnostic[] = [];
  for (const { 0: pair, index: start } of rawQuery.matchAll(/[^&]+/g)) {
    const end = start + pair.length;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (name === undefined || value === undefined) {
      diagnostics.push({ message: 'The percent-encoding is broken.', start, end });
      continue;
    }
    const group = name.startsWith('@') ? aliases : options;
    if (group.has(name)) diagnostics.push({ message: `${name} is given twice.`, start, end });
    group.set(name, value);
  }
  return diagnostics.length === 0 ? { ok: true, value: { options, aliases } } : { ok: false, diagnostics };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
