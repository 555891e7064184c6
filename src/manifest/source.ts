import type { Diagnostic, Place } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';

/** Offsets into a file's text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where one value stands, and the key it stands under. */
export interface Spot {
  readonly value: Span;
  readonly key?: Span;
}

/** A file that was read: its data, and where each value stands, by JSON Pointer. */
export interface Source {
  /** Relative to the manifest's folder: `actions/case.get.yaml`. */
  readonly file: string;
  readonly text: string;
  readonly data: Json;
  readonly spots: ReadonlyMap<string, Spot>;
}

/** A diagnostic that still lacks its place. */
export type Remark = Omit<Diagnostic, 'place' | 'source'>;

/** Gives a remark its place: the first line of the span, underlined up to the end of that line. */
export function diagnosticAt(source: Source, span: Span, remark: Remark): Diagnostic {
  const { place, line } = placeOf(source, span);
  return { ...remark, place, source: line };
}

/**
 * The span of what stands at a pointer, or of the nearest thing above it that exists.
 * With `text`, the span of that text inside the value (the hole `{{input.tilte}}`, say).
 */
export function spanAt(source: Source, pointer: string, aim: { key?: boolean; text?: string } = {}): Span {
  const spot = nearestSpot(source, pointer);
  if (aim.text !== undefined) {
    const start = source.text.indexOf(aim.text, spot.value.start);
    if (start >= 0 && start < spot.value.end) return { start, end: start + aim.text.length };
  }
  const missing = !source.spots.has(pointer);
  return aim.key || missing ? (spot.key ?? firstLineOf(source, spot.value)) : spot.value;
}

function nearestSpot(source: Source, pointer: string): Spot {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const spot = source.spots.get(at);
    if (spot !== undefined) return spot;
  }
  return source.spots.get('') ?? { value: { start: 0, end: 1 } };
}

/** Pointing at a whole mapping underlines its first key only. */
function firstLineOf(source: Source, { start, end }: Span): Span {
  const colon = source.text.indexOf(':', start);
  return { start, end: colon > start && colon < end ? colon : end };
}

function placeOf({ file, text }: Source, span: Span): { place: Place; line: string } {
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
