import type { Span } from '../../model/span.ts';

/** A replacement of one piece of a text. */
export interface TextEdit extends Span {
  readonly text: string;
}

/**
 * One thing wrong with a query, by its place in the decoded text. `error`: Dataverse refuses it, or it means
 * something else than it seems to; `warning`: it works, but hardly as meant. Codes: docs/query-check.md.
 */
export interface QueryDiagnostic extends Span {
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  /** What to write instead, as a sentence. */
  readonly fix?: string;
  /** The edit that repairs it, where one does. */
  readonly edit?: TextEdit;
}

/** What a check found, and the text with everything repaired that can be. */
export interface CheckResult {
  /** In the order of their places. */
  readonly diagnostics: readonly QueryDiagnostic[];
  /** Present when something was repaired and nothing wrong is left. */
  readonly corrected?: string;
}

/** Carries out edits of one text; of two that overlap only the first. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let done = 0;
  for (const { start, end, text: piece } of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start < done) continue;
    result += text.slice(done, start) + piece;
    done = end;
  }
  return result + text.slice(done);
}

/** The place in the text before an edit of what stands at `position` after it. */
export function positionBefore(position: number, { start, end, text }: TextEdit): number {
  if (position <= start) return position;
  const behind = start + text.length;
  return position < behind ? Math.min(position, end) : position - behind + end;
}

/** Whether anything found would make Dataverse refuse the query. */
export function hasErrors(diagnostics: readonly QueryDiagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
