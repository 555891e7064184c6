import type { Edit } from './diagnostic.ts';
import type { Span } from './span.ts';

/** Edits of one text in their order, without those that overlap the one before. */
export function sortEdits(edits: readonly Edit[]): readonly Edit[] {
  const sorted: Edit[] = [];
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start >= (sorted.at(-1)?.end ?? 0)) sorted.push(edit);
  }
  return sorted;
}

/** Applies edits to a text. Of two edits that overlap, only the first is applied. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = sortEdits(edits);
  const ends = [0, ...sorted.map(({ end }) => end)];
  return ends
    .map((end, index) => text.slice(end, sorted[index]?.start) + (sorted[index]?.text ?? ''))
    .join('');
}

/** A span of the edited text, in the original text. The edits are sorted. */
export function mapBack({ start, end }: Span, edits: readonly Edit[]): Span {
  return { start: mapOffset(start, edits), end: mapOffset(end, edits) };
}

function mapOffset(offset: number, edits: readonly Edit[]): number {
  let shift = 0;
  for (const edit of edits) {
    const start = edit.start + shift;
    if (offset < start) break;
    if (offset < start + edit.text.length) return Math.min(edit.start + (offset - start), edit.end);
    shift += edit.text.length - (edit.end - edit.start);
  }
  return offset - shift;
}
