import type { Json, JsonObject } from 'dynamics365-connector';
import { cellText, printTable, truncateText, usedColumns } from './print-table.ts';
import type { Terminal } from './terminal.ts';

/** Rows as a table on a terminal (what fits a glance), tab-separated in a pipe (all of it). */
export function printRows(terminal: Terminal, rows: readonly Json[]): void {
  const objects = rows as readonly JsonObject[];
  if (objects.length === 0) {
    terminal.printNote('no rows');
    return;
  }
  const names = usedColumns(objects, terminal.interactive ? 7 : Number.POSITIVE_INFINITY);
  const shown = terminal.interactive ? truncateText : (text: string) => text;
  const cells = objects.map((row) => names.map((name) => shown(cellText(row[name]))));
  printTable(terminal, names, cells);
}

/** One row, a line a column. */
export function printRow(terminal: Terminal, row: Json): void {
  if (row === null || typeof row !== 'object' || Array.isArray(row)) {
    terminal.print(cellText(row));
    return;
  }
  const pairs = Object.entries(row as JsonObject).filter(([, value]) => cellText(value) !== '');
  if (!terminal.interactive) {
    terminal.print(pairs.map(([name, value]) => `${name}\t${cellText(value)}`).join('\n'));
    return;
  }
  const width = Math.max(...pairs.map(([name]) => name.length));
  for (const [name, value] of pairs)
    terminal.print(`${terminal.style('dim', name.padEnd(width))}  ${cellText(value)}`);
}
