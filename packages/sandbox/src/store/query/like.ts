import { fold } from '../fold.ts';
import type { Compilation } from './compilation.ts';
import type { Column } from './scope.ts';

/**
 * SQL Server's LIKE: `%` any text, `_` one character, `[a-f]` one of these, `[^a-f]` none of these, without case.
 * SQLite's LIKE knows no brackets, its GLOB does.
 */
export function like(column: Column, pattern: string, compilation: Compilation): string {
  const folded = fold(pattern);
  if (!folded.includes('[')) return `(${column.sql} LIKE ${compilation.bind(folded)})`;
  return `(lower(${column.sql}) GLOB ${compilation.bind(toGlob(folded))})`;
}

/** The same pattern in GLOB's signs; an opening bracket that is never closed stands for itself. */
function toGlob(pattern: string): string {
  const signs: Readonly<Record<string, string>> = { '%': '*', _: '?', '*': '[*]', '?': '[?]', '[': '[[]' };
  return pattern.replace(/\[\^?[^\]]+\]|[%_*?[]/g, (part) => signs[part] ?? part);
}
