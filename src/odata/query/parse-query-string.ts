import type { ParameterAliases, ParseDiagnostic, ParseResult } from './ast.ts';

/** The options of a URL, decoded once. Values are not parsed. */
export interface ParsedQueryString {
  /** System query options (`$filter`) and others (`fetchXml`, `tag`), by their case-sensitive names. */
  readonly options: ReadonlyMap<string, string>;
  /** `@p1` -> its text. */
  readonly aliases: ParameterAliases;
}

/**
 * Parses the part of a URL after the "?". A plus sign is a space. Duplicate options and invalid percent-encoding are
 * errors, with their span in the raw text.
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
