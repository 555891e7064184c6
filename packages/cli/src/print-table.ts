import { padText, textWidth, truncateText } from './cell-text.ts';
import type { Terminal } from './terminal.ts';

const columnGap = 2;
const minColumnWidth = 6;

/** A table as texts: headings and rows. */
export interface TextTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Reduces column widths, always the widest first, until a row fits a line of `lineWidth` characters. */
export function fitWidths(widths: readonly number[], lineWidth: number): readonly number[] {
  const fitted = [...widths];
  const max = lineWidth - columnGap * (widths.length - 1);
  for (let excess = sum(fitted) - max; excess > 0; excess--) {
    const widest = Math.max(...fitted);
    if (widest <= minColumnWidth) break;
    fitted[fitted.indexOf(widest)] = widest - 1;
  }
  return fitted;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The width of each column: that of its widest cell. */
export function columnWidths({ headings, rows }: TextTable): readonly number[] {
  return headings.map((heading, at) =>
    rows.reduce((widest, row) => Math.max(widest, textWidth(row[at] ?? '')), textWidth(heading)),
  );
}

/** How many columns fit a line, if each is cut to at most `maxWidth` characters; at least one. */
export function countFittingColumns(widths: readonly number[], lineWidth: number, maxWidth: number): number {
  let used = -columnGap;
  const firstThatDoesNotFit = widths.findIndex((width) => {
    used += columnGap + Math.min(width, maxWidth);
    return used > lineWidth;
  });
  return firstThatDoesNotFit === -1 ? widths.length : Math.max(1, firstThatDoesNotFit);
}

/**
 * The lines of a table without borders, each within `lineWidth` characters: cells are cut, and where that is not enough,
 * the last columns are left out. The first line has the headings.
 */
export function tableLines(table: TextTable, lineWidth: number): readonly string[] {
  const all = columnWidths(table);
  const count = countFittingColumns(all, lineWidth, minColumnWidth);
  const widths = fitWidths(all.slice(0, count), lineWidth);
  const formatCell = (text: string, width: number) => padText(truncateText(text, width), width);
  return [table.headings, ...table.rows].map((cells) =>
    widths
      .map((width, at) => formatCell(cells[at] ?? '', width))
      .join(' '.repeat(columnGap))
      .trimEnd(),
  );
}

/** Prints a table on a terminal, and tab-separated text in a pipe. */
export function printTable(
  terminal: Terminal,
  headings: TextTable['headings'],
  rows: TextTable['rows'],
): void {
  if (!terminal.interactive) {
    terminal.print([headings, ...rows].map((row) => row.join('\t')).join('\n'));
    return;
  }
  const [heading = '', ...lines] = tableLines({ headings, rows }, terminal.width);
  terminal.print([terminal.style('bold', heading), ...lines].join('\n'));
}
