import type { Diagnostic, Edit, SourceLocation } from '../../model/diagnostic.ts';
import type { Json } from '../../model/json.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Span } from '../../model/span.ts';

/** The location of one value, and of its key. */
export interface NodeSpans {
  readonly value: Span;
  readonly key?: Span;
}

/** The text of a file, and the offsets where its lines begin. */
export interface SourceText {
  /** Relative to the manifest's folder: `actions/case.get.yaml`. */
  readonly file: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
}

/** A file that was read: its data, and the location of each value by JSON Pointer. */
export interface SourceFile extends SourceText {
  readonly data: Json;
  readonly nodeSpans: ReadonlyMap<string, NodeSpans>;
  /** Pointers of the values that do not conform to the grammar, and of those that it misses. */
  readonly broken: readonly string[];
  /** The edits of `text` that were made in memory, in their order, so that the rest of the file could be read. */
  readonly repairs: readonly Edit[];
}

/** A diagnostic without its location. */
export type UnlocatedDiagnostic = Omit<Diagnostic, 'location' | 'sourceLine'>;

/** Finds the lines of a text once, so that each location in it is found without reading the text again. */
export function toSourceText(file: string, text: string): SourceText {
  return { file, text, lineStarts: [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)] };
}

/** Adds the location to a diagnostic: the first line of the span, underlined up to the end of that line. */
export function locateDiagnostic(
  source: SourceText,
  span: Span,
  diagnostic: UnlocatedDiagnostic,
): Diagnostic {
  return omitUndefined({ ...diagnostic, ...locateSpan(source, span) });
}

/**
 * The span of the value at a JSON Pointer, or of its nearest existing parent.
 *
 * @param aim `key`: the span of the value's key instead. `text`: the span of this text in the value, for example of the
 * placeholder `{{input.tilte}}`.
 */
export function findSpan(
  source: SourceFile,
  pointer: string,
  aim: { key?: boolean; text?: string } = {},
): Span {
  const spans = findNearestNode(source, pointer);
  if (aim.text !== undefined) {
    const start = source.text.indexOf(aim.text, spans.value.start);
    if (start >= 0 && start < spans.value.end) return { start, end: start + aim.text.length };
  }
  const missing = !source.nodeSpans.has(pointer);
  return aim.key || missing ? (spans.key ?? firstKeySpan(source, spans.value)) : spans.value;
}

function findNearestNode(source: SourceFile, pointer: string): NodeSpans {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const spans = source.nodeSpans.get(at);
    if (spans !== undefined) return spans;
  }
  return source.nodeSpans.get('') ?? { value: { start: 0, end: 1 } };
}

/** For a whole mapping only its first key is underlined. */
function firstKeySpan(source: SourceFile, { start, end }: Span): Span {
  const colon = source.text.indexOf(':', start);
  const bracket = /^\{\s*/.exec(source.text.slice(start, colon))?.[0].length ?? 0;
  return { start: start + bracket, end: colon > start && colon < end ? colon : end };
}

/** The location of a span and the text of its first line. */
export function locateSpan(
  { file, text, lineStarts }: SourceText,
  span: Span,
): { readonly location: SourceLocation; readonly sourceLine: string } {
  const start = Math.min(span.start, text.length);
  const line = countUpTo(lineStarts, start);
  const lineStart = lineStarts[line - 1] ?? 0;
  const sourceLine = text.slice(lineStart, lineStarts[line]).replace(/\r?\n?$/, '');
  const column = Math.min(start - lineStart, sourceLine.length);
  const length = Math.max(1, Math.min(span.end - start, sourceLine.length - column));
  return { location: { file, line, column: column + 1, length }, sourceLine };
}

/** How many of the sorted numbers are not greater than a limit. */
function countUpTo(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
