import { isGuid } from 'dynamics365-connector/host';
import { padText, textWidth, truncateText } from './cell-text.ts';
import type { Terminal } from './terminal.ts';

const columnGap = 2;
const minColumnWidth = 6;

/** A table as texts: headings and rows. */
export interface TextTable {
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Reduces column widths, always the widest first, until a row fits a line of `lineWidth` characters. Columns of `whole` are
 * cut only when the others cannot become smaller.
 */
export function fitWidths(
  widths: readonly number[],
  lineWidth: number,
  whole: ReadonlySet<number> = new Set(),
): readonly number[] {
  const fitted = [...widths];
  const max = lineWidth - columnGap * (widths.length - 1);
  for (let excess = sum(fitted) - max; excess > 0; excess--) {
    const at = widestOf(fitted, whole) ?? widestOf(fitted, new Set());
    if (at === undefined) break;
    fitted[at] = (fitted[at] ?? 0) - 1;
  }
  return fitted;
}

/** The widest column that can become smaller. */
function widestOf(widths: readonly number[], kept: ReadonlySet<number>): number | undefined {
  const isSmaller = (width: number, at: number) => kept.has(at) || width <= minColumnWidth;
  const widest = Math.max(...widths.filter((width, at) => !isSmaller(width, at)));
  const found = widths.findIndex((width, at) => width === widest && !isSmaller(width, at));
  return found === -1 ? undefined : found;
}

/** The columns whose cells are GUIDs: a part of an id can be neither copied nor searched for. */
export function idColumns({ headings, rows }: TextTable): ReadonlySet<number> {
  const isId = (at: number) =>
    rows.length > 0 &&
    rows.every((row) => row[at] === '' || isGuid(row[at] ?? '')) &&
    rows.some((row) => row[at]);
  return new Set(headings.flatMap((_, at) => (isId(at) ? [at] : [])));
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

/** How many columns fit a line, if each but those of `whole` is cut to at most `maxWidth` characters; at least one. */
export function countFittingColumns(
  widths: readonly number[],
  lineWidth: number,
  { maxWidth, whole = new Set() }: { readonly maxWidth: number; readonly whole?: ReadonlySet<number> },
): number {
  let used = -columnGap;
  const firstThatDoesNotFit = widths.findIndex((width, at) => {
    used += columnGap + (whole.has(at) ? width : Math.min(width, maxWidth));
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
  const count = countFittingColumns(all, lineWidth, { maxWidth: minColumnWidth });
  const widths = fitWidths(all.slice(0, count), lineWidth, idColumns(table));
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
