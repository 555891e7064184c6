import { foldText } from '../fold-text.ts';
import type { QueryCompilation } from './compilation.ts';
import type { ScopedColumn } from './scope.ts';

/**
 * SQL Server's LIKE: `%` any text, `_` one character, `[a-f]` one of these, `[^a-f]` none of these, without case.
 * SQLite's LIKE knows no brackets, its GLOB does.
 */
export function likeSql(column: ScopedColumn, pattern: string, compilation: QueryCompilation): string {
  const folded = foldText(pattern);
  if (!folded.includes('[')) return `(${column.sql} LIKE ${compilation.bind(folded)})`;
  return `(lower(${column.sql}) GLOB ${compilation.bind(toGlobPattern(folded))})`;
}

/** The same pattern in GLOB's signs; an opening bracket that is never closed stands for itself. */
function toGlobPattern(pattern: string): string {
  const signs: Readonly<Record<string, string>> = { '%': '*', _: '?', '*': '[*]', '?': '[?]', '[': '[[]' };
  return pattern.replace(/\[\^?[^\]]+\]|[%_*?[]/g, (part) => signs[part] ?? part);
}
