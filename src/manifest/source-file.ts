import type { Diagnostic, SourceLocation } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import type { Span } from '../model/span.ts';

/** Where one value stands, and the key it stands under. */
export interface NodeSpans {
  readonly value: Span;
  readonly key?: Span;
}

/** A file that was read: its data, and where each value stands, by JSON Pointer. */
export interface SourceFile {
  /** Relative to the manifest's folder: `actions/case.get.yaml`. */
  readonly file: string;
  readonly text: string;
  readonly data: Json;
  readonly nodeSpans: ReadonlyMap<string, NodeSpans>;
}

/** A diagnostic that still lacks its place. */
export type UnlocatedDiagnostic = Omit<Diagnostic, 'location' | 'sourceLine'>;

/** Gives a remark its place: the first line of the span, underlined up to the end of that line. */
export function locateDiagnostic(source: SourceFile, span: Span, remark: UnlocatedDiagnostic): Diagnostic {
  const { place, line } = toLocation(source, span);
  return { ...remark, location: place, sourceLine: line };
}

/**
 * The span of what stands at a pointer, or of the nearest thing above it that exists.
 * With `text`, the span of that text inside the value (the hole `{{input.tilte}}`, say).
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

/** Pointing at a whole mapping underlines its first key only. */
function firstKeySpan(source: SourceFile, { start, end }: Span): Span {
  const colon = source.text.indexOf(':', start);
  return { start, end: colon > start && colon < end ? colon : end };
}

function toLocation({ file, text }: SourceFile, span: Span): { place: SourceLocation; line: string } {
  const start = Math.min(span.start, text.length);
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const nextBreak = text.indexOf('\n', start);
  const lineEnd = nextBreak < 0 ? text.length : nextBreak;
  const line = text.slice(lineStart, lineEnd).replace(/\r$/, '');
  const column = Math.min(start - lineStart, line.length);
  const length = Math.max(1, Math.min(span.end - start, line.length - column));
  return {
    place: { file, line: text.slice(0, lineStart).split('\n').length, column: column + 1, length },
    line,
  };
}
