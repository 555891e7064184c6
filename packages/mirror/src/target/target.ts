import type { MirrorColumn, MirrorType } from '../plan/mirror-column.ts';

/** Runs SQL statements with the parameters `$1`, `$2`, … */
export interface MirrorSql {
  query<Row>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** Where a mirror is kept. */
export interface MirrorTarget extends MirrorSql {
  /** For messages, without a password: `SQLite crm.sqlite`. */
  readonly title: string;
  readonly dialect: Dialect;
  /** Runs `work` in one transaction: all of its statements take effect, or none does. */
  transaction<T>(work: (sql: MirrorSql) => Promise<T>): Promise<T>;
  /** Called after rows have changed and no transaction is open: a target can write files then. */
  publish?(tables: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** What differs between the SQL of targets. */
export interface Dialect {
  readonly kind: 'sqlite' | 'postgres' | 'duckdb';
  readonly types: Readonly<Record<MirrorType, string>>;
  /** The name of a table with its schema, in quotes. */
  tableName(name: string): string;
  /** A query for the names of the columns that a table or view has now; without rows if there is none. */
  columnNames(table: string): string;
  /** The constraint of a key column; a target without an index on it has none. */
  readonly primaryKey: string;
  /**
   * How the rows of a page are given to a statement: as one JSON list of objects with the members `c0`, `c1`, … in the
   * order of the columns, or row by row with a parameter for each column.
   */
  readonly pageForm: 'json' | 'row';
  /** A subquery with the rows of a page, which begin with this parameter. */
  pageRows(columns: readonly MirrorColumn[], firstParameter: number): string;
  /** A subquery with the ids in `$1`, a JSON list. */
  readonly ids: string;
  /** An expression with a hash of cells. */
  hash(cells: readonly Cell[]): string;
  /** Whether a row of a page replaces a row of the table: `NOT (a = b)` that knows null. */
  differs(a: string, b: string): string;
  /** Inserts the rows of a page, or updates those whose `guard` is true. */
  upsert(upsert: Upsert): string;
  /** Whether a cell with several choices has a value. */
  hasChoice(cell: string, value: string): string;
  /** An aggregate of labels to one text, in the order of a column. */
  joinLabels(label: string, order: string): string;
  /** The end of a SELECT that keeps others from changing its rows until the transaction ends. */
  readonly shareLock: string;
  /** The statement with which one process at a time prepares the layout; empty if transactions exclude each other. */
  readonly lockLayout: string;
  /** The time of the database in milliseconds. */
  readonly nowMs: string;
}

export interface Cell {
  /** SQL of its value. */
  readonly sql: string;
  readonly type: MirrorType;
}

export interface Upsert {
  readonly table: string;
  readonly key: string;
  /** All columns in quotes, with the SQL of their values; `page` is the row of the page. */
  readonly values: readonly { readonly column: string; readonly sql: string }[];
  readonly rows: string;
  /** Whether an existing row is replaced: `old` is the existing row, `new` the other one. */
  readonly guard: string;
}

/** A name in quotes. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
