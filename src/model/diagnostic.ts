/** A location in a file: 1-based line and column, and the number of characters to underline. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/**
 * One error or warning in a YAML file or a query. It is printed as `file:line:column  severity  code  message`, the source
 * line with a caret, and the fix. Codes: Y YAML, M manifest structure, S schema, T template, Q query.
 */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  readonly location: SourceLocation;
  /** The text of the line. */
  readonly sourceLine: string;
  readonly fix?: string;
}

/** One issue of a value. `path` is a JSON Pointer into the input; "" is the whole input. */
export interface Issue {
  readonly path: string;
  readonly message: string;
  readonly keyword: string;
}
