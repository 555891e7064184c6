import { invalidArgument } from '../store/errors.ts';
import type { ColumnValues } from '../store/types.ts';

/** Throws when a new row lacks a column that the system requires. */
export function requireColumns(table: string, values: ColumnValues, columns: readonly string[]): void {
  const missing = columns.find((name) => (values[name] ?? null) === null);
  if (missing) throw invalidArgument(`Required field '${missing}' is missing for ${table}.`);
}
