/** A string literal of OData: in single quotes, quotes inside doubled. `O'Brien` -> `'O''Brien'`. */
export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The text of a string literal: without its quotes, doubled quotes inside single again. */
export function unquoteString(literal: string): string {
  return literal.slice(1, -1).replaceAll("''", "'");
}
