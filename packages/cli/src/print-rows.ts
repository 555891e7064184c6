import type { Json, JsonObject } from 'dynamics365-connector';
import { cellText, padText, textWidth, wrapText } from './cell-text.ts';
import { formatCsvLine } from './format-csv.ts';
import { columnWidths, countFittingColumns, idColumns, printTable } from './print-table.ts';
import type { RowColumns } from './row-columns.ts';
import type { Terminal } from './terminal.ts';

/** How rows are printed, besides as JSON. */
export interface RowFormat {
  readonly columns: RowColumns;
  /** As comma-separated values (RFC 4180), on a terminal too. */
  readonly csv: boolean;
}

/** Prints the rows of a list, page by page where all columns are known before. Call `end` after the last page. */
export interface RowPrinter {
  add(rows: readonly JsonObject[]): void;
  end(): void;
}

/** Prints rows as JSON Lines, as CSV, as a table on a terminal, or as tab-separated text in a pipe. */
export function createRowPrinter(terminal: Terminal, { columns, csv }: RowFormat): RowPrinter {
  if (terminal.json) return createJsonPrinter(terminal);
  if (!csv && terminal.interactive) return createTablePrinter(terminal, columns);
  const printLine = csv
    ? (cells: readonly string[]) => terminal.print(formatCsvLine(cells))
    : (cells: readonly string[]) => terminal.print(cells.join('\t'));
  return columns.areKnown ? createLinePrinter(columns, printLine) : collectRows(columns, printLine);
}

type PrintLine = (cells: readonly string[]) => void;

function createJsonPrinter(terminal: Terminal): RowPrinter {
  return {
    add(rows) {
      for (const row of rows) terminal.printJson(row);
    },
    end: () => {},
  };
}

function createLinePrinter(columns: RowColumns, printLine: PrintLine): RowPrinter {
  const names = columns.namesOf([]);
  printLine(names);
  return {
    add(rows) {
      for (const row of rows) printLine(names.map((name) => cellText(columns.read(row, name))));
    },
    end: () => {},
  };
}

/** The columns of a response of any table are known after the last row. */
function collectRows(columns: RowColumns, printLine: PrintLine): RowPrinter {
  const all: JsonObject[] = [];
  return {
    add: (rows) => void all.push(...rows),
    end() {
      const known = { ...columns, namesOf: () => columns.namesOf(all) };
      createLinePrinter(known, printLine).add(all);
    },
  };
}

/** A column of a table is shown with at least this width, unless all its texts are shorter. Ids are shown as a whole. */
const minShownWidth = 20;

function createTablePrinter(terminal: Terminal, columns: RowColumns): RowPrinter {
  const all: JsonObject[] = [];
  return {
    add: (rows) => void all.push(...rows),
    end() {
      if (all.length === 0) return terminal.printNote('no rows');
      const names = columns.inShownOrder(columns.namesOf(all));
      const isUsed = (name: string) =>
        columns.areChosen || all.some((row) => cellText(columns.read(row, name)) !== '');
      const shown = names.filter(isUsed);
      const rows = all.map((row) => shown.map((name) => cellText(columns.read(row, name))));
      const table = { headings: shown, rows };
      const fit = { maxWidth: minShownWidth, whole: idColumns(table) };
      const count = columns.areChosen
        ? shown.length
        : countFittingColumns(columnWidths(table), terminal.width, fit);
      printTable(terminal, shown.slice(0, count), rows);
      const hidden = shown.length - count;
      if (hidden > 0)
        terminal.printNote(`${hidden} more columns: choose with --columns, or print all with --json`);
    },
  };
}

/** Prints one row, one line for each column that has a value; long texts are continued on the next lines. */
export function printRow(terminal: Terminal, row: Json): void {
  if (row === null || typeof row !== 'object' || Array.isArray(row)) {
    terminal.print(cellText(row));
    return;
  }
  const pairs = Object.entries(row as JsonObject);
  if (!terminal.interactive) {
    terminal.print(pairs.map(([name, value]) => `${name}\t${cellText(value)}`).join('\n'));
    return;
  }
  const shown = pairs
    .map(([name, value]) => [name, cellText(value)] as const)
    .filter(([, text]) => text !== '');
  const width = Math.max(0, ...shown.map(([name]) => textWidth(name)));
  for (const [name, text] of shown) {
    const lines = wrapText(text, Math.max(20, terminal.width - width - 2));
    lines.forEach((line, index) => {
      terminal.print(`${terminal.style('dim', padText(index === 0 ? name : '', width))}  ${line}`);
    });
  }
}
