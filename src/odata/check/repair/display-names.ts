import { fold, type TableIndex, wireName } from '../table-index.ts';
import type { Place, Rule } from './place.ts';

/** `Case Number eq …` -> `ticketnumber eq …`: words next to each other that are the display name of a column. */
export function displayNames(table: TableIndex | undefined): Rule {
  return (place) => {
    const titles = new Map(table?.table.columns.map((column) => [fold(column.title), wireName(column)]));
    return runs(place).flatMap(({ start, end }) => {
      const wire = titles.get(fold(place.text.slice(start, end)));
      return wire === undefined ? [] : [{ start, end, text: wire }];
    });
  };
}

/** Runs of up to six words (or one text in quotes or brackets) around the fault, the longest first. */
function runs({ tokens, index, text }: Place): readonly { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let length = 6; length > 0; length--) {
    for (let from = Math.max(0, index - length); from <= index; from++) {
      const [first, last] = [tokens[from], tokens[from + length - 1]];
      if (first === undefined || last === undefined || last.kind === 'end') continue;
      const piece = text.slice(first.start, last.end);
      if (/^[\p{L}\p{N}\s"'[\]._-]+$/u.test(piece)) found.push({ start: first.start, end: last.end });
    }
  }
  return found;
}
