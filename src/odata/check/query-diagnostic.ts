import type { Edit } from '../../model/diagnostic.ts';
import type { Span } from '../../model/span.ts';

/**
 * One error or warning in a query, with its span in the decoded text. `error`: Dataverse rejects the query, or it does not
 * mean what it appears to. `warning`: it works, but probably not as intended. The codes are in docs/query-check.md.
 */
export interface QueryDiagnostic extends Span {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  /** The next step, as a sentence. */
  readonly fix?: string;
  /** The edit that repairs it, if there is one. */
  readonly edit?: Edit;
}

/** The result of a check. */
export interface CheckResult {
  /** Sorted by position. */
  readonly diagnostics: readonly QueryDiagnostic[];
  /** The corrected text, if something was repaired and no error is left. */
  readonly corrected?: string;
}

/** Maps a position in the text after an edit to the text before it. */
export function positionBefore(position: number, { start, end, text }: Edit): number {
  if (position <= start) return position;
  const editEnd = start + text.length;
  return position < editEnd ? Math.min(position, end) : position - editEnd + end;
}

/** Whether there are errors, not only warnings. */
export function hasErrors(diagnostics: readonly QueryDiagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
