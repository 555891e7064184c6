import type { Json, JsonObject } from 'dynamics365-connector';
import { cellText, printTable, truncateText, usedColumns } from './print-table.ts';
import type { Terminal } from './terminal.ts';

const maxColumnsOnTerminal = 7;

/** Prints rows: on a terminal a table of the first columns with short texts, in a pipe all of it as TSV. */
export function printRows(terminal: Terminal, rows: readonly Json[]): void {
  const objects = rows as readonly JsonObject[];
  if (objects.length === 0) {
    terminal.printNote('no rows');
    return;
  }
  const names = usedColumns(objects, terminal.interactive ? maxColumnsOnTerminal : Number.POSITIVE_INFINITY);
  const format = terminal.interactive ? truncateText : (text: string) => text;
  const cells = objects.map((row) => names.map((name) => format(cellText(row[name]))));
  printTable(terminal, names, cells);
}

/** Prints one row, one line for each column that has a value. */
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
