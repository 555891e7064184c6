import Table from 'cli-table3';
import type { Json, JsonObject } from 'dynamics365-connector';
import type { Terminal } from './terminal.ts';

/**
 * The text of a value on one line: the name of a lookup, the label of a choice. Control characters are removed,
 * because anyone can write a row, and a terminal executes escape sequences.
 */
export function cellText(value: Json | undefined): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => cellText(item as Json)).join(', ');
  if (typeof value === 'object') {
    const { name, label, id } = value as JsonObject;
    return cellText(name ?? label ?? id ?? JSON.stringify(value));
  }
  return String(value)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\p{Cc}/gu, '');
}

const maxTextLength = 60;

/** Cuts a text to 60 characters. */
export function truncateText(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength - 1)}…` : text;
}

const columnGap = 2;
const minColumnWidth = 6;

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

function truncateCell(text: string, width: number): string {
  const characters = [...text];
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : text;
}

/** Cuts the cells so that each row fits one line. */
function truncateRows(
  rows: readonly (readonly string[])[],
  lineWidth: number,
): readonly (readonly string[])[] {
  if (lineWidth === Number.POSITIVE_INFINITY) return rows;
  const columns = rows[0]?.map((_, at) => Math.max(...rows.map((row) => [...(row[at] ?? '')].length))) ?? [];
  const widths = fitWidths(columns, lineWidth);
  return rows.map((row) => row.map((cell, at) => truncateCell(cell, widths[at] ?? minColumnWidth)));
}

/** The first `max` columns that have a value in any row, in the order of the schema. */
export function usedColumns(rows: readonly JsonObject[], max: number): readonly string[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].filter((name) => rows.some((row) => cellText(row[name]) !== '')).slice(0, max);
}

/** The borders of cli-table3; all of them are empty. */
const borders =
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid';

/** Renders rows as a table without borders. Headings can have styles. */
export function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...headings],
    chars: {
      ...Object.fromEntries(borders.split(' ').map((name) => [name, ''])),
      middle: ' '.repeat(columnGap),
    },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** Prints a table on a terminal, and tab-separated text in a pipe. */
export function printTable(
  terminal: Terminal,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  if (!terminal.interactive) {
    terminal.print([headings, ...rows].map((row) => row.join('\t')).join('\n'));
    return;
  }
  const [names = [], ...cells] = truncateRows([headings, ...rows], terminal.width);
  const bold = names.map((name) => terminal.style('bold', name));
  terminal.print(renderTable(bold, cells));
}
