/** Where in a file: 1-based line and column, and how many characters to underline. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * One thing wrong with the YAML (or a query), printed as `file:line:column  severity  code  message`, the
 * source line with a caret, and the fix. Codes: Y yaml, M manifest shape, S schema, T template, Q query.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly location: SourceLocation;
  /** The text of the line, for the caret. */
  readonly sourceLine: string;
  readonly fix?: string;
}

/** One thing wrong with a value: `path` is a JSON Pointer into the input ("" = the whole of it). */
export interface Issue {
  readonly path: string;
  readonly message: string;
  readonly keyword: string;
}
