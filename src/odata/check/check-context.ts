import type { Span } from '../../model/span.ts';
import type { PropertyPath } from '../query/ast.ts';
import type { QueryDiagnostic, TextEdit } from './query-diagnostic.ts';
import type { MetadataSchema, TableIndex } from './table-index.ts';

/** What the walk over one query carries along. */
export interface CheckContext {
  readonly text: string;
  readonly schema: MetadataSchema;
  /** The table whose rows are asked for; undefined when it is not known: names below it are not judged. */
  readonly table: TableIndex | undefined;
  /** Variables of lambdas around this place, the innermost last. */
  readonly variables: readonly LambdaVariable[];
  readonly diagnostics: QueryDiagnostic[];
}

export interface LambdaVariable {
  readonly name: string;
  readonly table: TableIndex | undefined;
}

/** Notes a fault; `text` is what to write in its place. */
export function report(
  context: CheckContext,
  at: Span,
  diagnostic: Omit<QueryDiagnostic, 'severity' | 'start' | 'end' | 'edit'> & {
    readonly severity?: 'warning';
    readonly text?: string | undefined;
    readonly edit?: TextEdit | undefined;
  },
): void {
  const { text, edit, severity = 'error', ...rest } = diagnostic;
  const { start, end } = at;
  const repair = edit ?? (text === undefined ? undefined : { start, end, text });
  context.diagnostics.push({
    severity,
    ...rest,
    start,
    end,
    ...(repair === undefined ? {} : { edit: repair }),
  });
}

/** Where one segment of a path stands; the whole path where the text does not show it (an alias). */
export function segmentSpan({ text }: Pick<CheckContext, 'text'>, path: PropertyPath, index: number): Span {
  // The column of a query function stands in quotes: PropertyName='createdon'.
  if (text[path.start] === "'") return { start: path.start + 1, end: path.end - 1 };
  if (!text.startsWith(path.segments.join('/'), path.start)) return { start: path.start, end: path.end };
  const start =
    path.start + path.segments.slice(0, index).reduce((length, segment) => length + segment.length + 1, 0);
  return { start, end: start + path.segments[index]!.length };
}
