import type { Position, Range } from 'vscode-languageserver';

/** The offset of a position; lines and characters count from 0, characters are UTF-16 code units. */
export function toOffset(text: string, { line, character }: Position): number {
  let start = 0;
  for (let index = 0; index < line; index++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(start + character, text.length);
}

/** The position of an offset. */
function toPosition(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length - 1, character: before.length - start };
}

/** The range of a span. */
export function toRange(
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
): Range {
  return { start: toPosition(text, start), end: toPosition(text, end) };
}
