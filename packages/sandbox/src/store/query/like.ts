import { foldText } from '../fold-text.ts';
import type { QueryCompilation } from './compilation.ts';
import type { ScopedColumn } from './scope.ts';

/**
 * SQL Server's LIKE, without case: `%` any text, `_` one character, `[a-f]` one of these, `[^a-f]` none of these.
 * SQLite's LIKE does not support brackets, but its GLOB does.
 */
export function likeSql(column: ScopedColumn, pattern: string, compilation: QueryCompilation): string {
  const folded = foldText(pattern);
  if (!folded.includes('[')) return `(${column.sql} LIKE ${compilation.bind(folded)})`;
  return `(lower(${column.sql}) GLOB ${compilation.bind(toGlobPattern(folded))})`;
}

/** Translates a LIKE pattern to GLOB. An opening bracket without a closing one is a plain character. */
function toGlobPattern(pattern: string): string {
  const signs: Readonly<Record<string, string>> = { '%': '*', _: '?', '*': '[*]', '?': '[?]', '[': '[[]' };
  return pattern.replace(/\[\^?[^\]]+\]|[%_*?[]/g, (part) => signs[part] ?? part);
}
