import type { Json } from './json.ts';
import type { Span } from './span.ts';

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
  /** The fix as a change of the file's text, if it is certain: `d365 check --fix` and editors apply it. */
  readonly edit?: Edit;
  /** A second place that explains the first: the other of two equal keys. */
  readonly related?: RelatedPlace;
}

/** A change of a text: `text` replaces the characters from `start` to `end` (offsets in UTF-16 code units). */
export interface Edit extends Span {
  readonly text: string;
}

/** Another place in the files, and what it has to do with the diagnostic. */
export interface RelatedPlace {
  readonly message: string;
  readonly location: SourceLocation;
  readonly sourceLine: string;
}

/** One issue of a value. `path` is a JSON Pointer into the input; "" is the whole input. */
export interface Issue {
  readonly path: string;
  readonly message: string;
  readonly keyword: string;
}

/** An issue with what the schema expects in its place, for messages that propose a value. */
export interface DetailedIssue extends Issue {
  readonly expected: Expectation;
}

/** What a schema expects of a value, as far as the failed keyword says it. */
export interface Expectation {
  /** JSON types: `string`, `integer` ... */
  readonly types?: readonly string[];
  readonly values?: readonly Json[];
  readonly example?: Json;
  /** The names that an object may have. */
  readonly names?: readonly string[];
}
