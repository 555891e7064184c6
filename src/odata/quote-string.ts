/** A string literal of OData: in single quotes, quotes inside doubled. `O'Brien` -> `'O''Brien'`. */
export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/**
 * Writes text as the literal of `contains`, `startswith` or `endswith`. Dataverse passes these literals to SQL's LIKE,
 * so `%`, `_` and `[` are put in brackets: they stand for themselves.
 *
 * @example quoteFilterText("100% O'Hara") // '100[%] O''Hara', with the outer quotes
 */
export function quoteFilterText(text: string): string {
  return quoteString(text.replace(/[%_[]/g, '[$&]'));
}

/** The text of a string literal: without its quotes, doubled quotes inside single again. */
export function unquoteString(literal: string): string {
  return literal.slice(1, -1).replaceAll("''", "'");
}
