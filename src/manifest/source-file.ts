import type { Diagnostic, SourceLocation } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Span } from '../model/span.ts';

/** The location of one value, and of its key. */
export interface NodeSpans {
  readonly value: Span;
  readonly key?: Span;
}

/** A file that was read: its data, and the location of each value by JSON Pointer. */
export interface SourceFile {
  /** Relative to the manifest's folder: `actions/case.get.yaml`. */
  readonly file: string;
  readonly text: string;
  readonly data: Json;
  readonly nodeSpans: ReadonlyMap<string, NodeSpans>;
}

/** A diagnostic without its location. */
export type UnlocatedDiagnostic = Omit<Diagnostic, 'location' | 'sourceLine'>;

/** Adds the location to a diagnostic: the first line of the span, underlined up to the end of that line. */
export function locateDiagnostic(
  source: SourceFile,
  span: Span,
  diagnostic: UnlocatedDiagnostic,
): Diagnostic {
  const { location, line } = toLocation(source, span);
  return omitUndefined({ ...diagnostic, location, sourceLine: line });
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
  return { start, end: colon > start && colon < end ? colon : end };
}

function toLocation(
  { file, text }: SourceFile,
  span: Span,
): {
  location: SourceLocation;
  line: string;
} {
  const start = Math.min(span.start, text.length);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const nextBreak = text.indexOf('\n', start);
  const lineEnd = nextBreak < 0 ? text.length : nextBreak;
  const line = text.slice(lineStart, lineEnd).replace(/\r$/, '');
  const column = Math.min(start - lineStart, line.length);
  const length = Math.max(1, Math.min(span.end - start, line.length - column));
  return {
    location: { file, line: text.slice(0, lineStart).split('\n').length, column: column + 1, length },
    line,
  };
}
