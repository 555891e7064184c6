import Table from 'cli-table3';
import type { Json, JsonObject } from 'dynamics365-connector';
import type { Terminal } from './terminal.ts';

/**
 * A cell as a person reads it: names instead of lookups, labels instead of choices, one line. Control characters
 * go, since a row may hold what a stranger wrote, and a terminal would obey it.
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

/** At most as much of a cell as a glance takes in. */
export function truncateText(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const columnGap = 2;
/** A column never gets narrower than this. */
const minColumnWidth = 6;

/** Widths of columns that fit a line together: the widest gives way first. */
export function fitWidths(widths: readonly number[], line: number): readonly number[] {
  const fitted = [...widths];
  const max = line - columnGap * (widths.length - 1);
  for (let over = sum(fitted) - max; over > 0; over--) {
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

/** Rows with their cells cut so that each fits a line. */
function truncateRows(rows: readonly (readonly string[])[], line: number): readonly (readonly string[])[] {
  if (line === Number.POSITIVE_INFINITY) return rows;
  const columns = rows[0]?.map((_, at) => Math.max(...rows.map((row) => [...(row[at] ?? '')].length))) ?? [];
  const widths = fitWidths(columns, line);
  return rows.map((row) => row.map((cell, at) => truncateCell(cell, widths[at]!)));
}

/** Columns of the rows that hold anything, at most `most`, in the schema's order. */
export function usedColumns(rows: readonly JsonObject[], max: number): readonly string[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].filter((name) => rows.some((row) => cellText(row[name]) !== '')).slice(0, max);
}

/** Rows as a table without rules; `head` comes styled, or plain. */
export function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...headings],
    chars: Object.fromEntries(
      [
        'top',
        'top-mid',
        'top-left',
        'top-right',
        'bottom',
        'bottom-mid',
        'bottom-left',
        'bottom-right',
        'left',
        'left-mid',
        'mid',
        'mid-mid',
        'right',
        'right-mid',
      ]
        .map((name) => [name, ''])
        .concat([['middle', '  ']]),
    ),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

/** Rows as a person or a program likes them: a table on a terminal, tab-separated in a pipe. */
export function printTable(
  terminal: Terminal,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  if (!terminal.interactive) {
    terminal.print(renderTsv(headings, rows));
    return;
  }
  const [names = [], ...cells] = truncateRows([headings, ...rows], terminal.width);
  const bold = names.map((name) => terminal.style('bold', name));
  terminal.print(renderTable(bold, cells));
}

/** Rows as tab-separated text, for pipes. */
function renderTsv(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return [headings, ...rows].map((row) => row.join('\t')).join('\n');
}
