import type { Edit } from '../../model/diagnostic.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Span } from '../../model/span.ts';
import type { PropertyPath } from '../query/ast.ts';
import type { QueryDiagnostic } from './query-diagnostic.ts';
import type { MetadataSchema, TableIndex } from './table-index.ts';

/** The state of the check of one query option. */
export interface CheckContext {
  readonly text: string;
  readonly schema: MetadataSchema;
  /** The table of the query; undefined if its metadata is not known, and then its names are not checked. */
  readonly table: TableIndex | undefined;
  /** The variables of the enclosing lambdas, the innermost last. */
  readonly variables: readonly LambdaVariable[];
  readonly diagnostics: QueryDiagnostic[];
}

export interface LambdaVariable {
  readonly name: string;
  readonly table: TableIndex | undefined;
}

/** Reports a diagnostic. `text` is the replacement for the span. */
export function report(
  context: CheckContext,
  at: Span,
  diagnostic: Omit<QueryDiagnostic, 'severity' | 'start' | 'end' | 'edit'> & {
    readonly severity?: 'warning';
    readonly text?: string | undefined;
    readonly edit?: Edit | undefined;
  },
): void {
  const { text, edit, severity = 'error', ...rest } = diagnostic;
  const { start, end } = at;
  const repair = edit ?? (text === undefined ? undefined : { start, end, text });
  context.diagnostics.push(omitUndefined({ severity, ...rest, start, end, edit: repair }));
}

/** The span of one segment of a path, or of the whole path if the text does not contain it (an alias). */
export function segmentSpan({ text }: Pick<CheckContext, 'text'>, path: PropertyPath, index: number): Span {
  // The column of a query function is in quotes: PropertyName='createdon'.
  if (text[path.start] === "'") return { start: path.start + 1, end: path.end - 1 };
  if (!text.startsWith(path.segments.join('/'), path.start)) return { start: path.start, end: path.end };
  const start =
    path.start + path.segments.slice(0, index).reduce((length, segment) => length + segment.length + 1, 0);
  return { start, end: start + (path.segments[index]?.length ?? 0) };
}

/** The last segment of a path; a path has at least one. */
export function lastSegment({ segments }: PropertyPath): string {
  return segments.at(-1) ?? '';
}
