import { toWireName } from '../../wire-name.ts';
import { normalizeName, type TableIndex } from '../table-index.ts';
import type { RepairContext, RepairRule } from './repair-context.ts';

/** `Case Number eq …` -> `ticketnumber eq …`: replaces the display name of a column by its name. */
export function displayNameRule(table: TableIndex | undefined): RepairRule {
  return (context) => {
    const titles = new Map(
      table?.table.columns.map((column) => [normalizeName(column.title), toWireName(column)]),
    );
    return findWordRuns(context).flatMap(({ start, end }) => {
      const wire = titles.get(normalizeName(context.text.slice(start, end)));
      return wire === undefined ? [] : [{ start, end, text: wire }];
    });
  };
}

/** The spans of up to six words (or of one text in quotes or brackets) around an error, the longest first. */
function findWordRuns({ tokens, index, text }: RepairContext): readonly { start: number; end: number }[] {
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
