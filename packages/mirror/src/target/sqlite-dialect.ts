import { quoteString } from 'dynamics365-connector/host';
import type { MirrorType } from '../plan/mirror-column.ts';
import { insertOnConflict } from './on-conflict.ts';
import { type Cell, type Dialect, quoteName } from './target.ts';

/** The function that hashes a text; the target defines it. */
export const hashFunction = 'd365_hash';

/** SQLite has no decimals: their digits are text, so that none is lost. */
const types: Readonly<Record<MirrorType, string>> = {
  uuid: 'TEXT',
  text: 'TEXT',
  integer: 'INTEGER',
  bigint: 'INTEGER',
  decimal: 'TEXT',
  boolean: 'INTEGER',
  timestamp: 'TEXT',
  'local-timestamp': 'TEXT',
  date: 'TEXT',
  choices: 'TEXT',
};

export const sqliteDialect: Dialect = {
  kind: 'sqlite',
  types,
  tableName: quoteName,
  columnNames: (table) => `SELECT name FROM pragma_table_info(${quoteString(table)})`,
  primaryKey: 'PRIMARY KEY NOT NULL',
  // SQLite would parse the JSON of a row again for each of its columns.
  pageForm: 'row',
  pageRows(columns, first) {
    const cells = columns.map(
      ({ name, type }, index) => `CAST($${first + index} AS ${types[type]}) AS ${quoteName(name)}`,
    );
    return `(SELECT ${cells.join(', ')})`;
  },
  ids: '(SELECT value AS id FROM json_each($1))',
  // Functions take at most 127 arguments, so the cells are joined first. `quote` tells null from text.
  hash: (cells: readonly Cell[]) => `${hashFunction}(${joinTexts(cells.map(({ sql }) => `quote(${sql})`))})`,
  differs: (a, b) => `${a} IS NOT ${b}`,
  upsert: insertOnConflict,
  hasChoice: (cell, value) => `instr(',' || ${cell} || ',', ',' || ${value} || ',') > 0`,
  joinLabels: (label, order) => `group_concat(${label}, '; ' ORDER BY ${order})`,
  shareLock: '',
  lockLayout: '',
  nowMs: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
};

/** Texts with commas between them. SQLite allows 1,000 nested operators, so each half of a long list is nested by itself. */
function joinTexts(texts: readonly string[]): string {
  if (texts.length <= 2) return texts.join(" || ',' || ");
  const middle = Math.ceil(texts.length / 2);
  return `(${joinTexts(texts.slice(0, middle))}) || ',' || (${joinTexts(texts.slice(middle))})`;
}
