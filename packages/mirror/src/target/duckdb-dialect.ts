import { quoteString } from 'dynamics365-connector/host';
import type { MirrorType } from '../plan/mirror-column.ts';
import { type Cell, type Dialect, quoteName, type Upsert } from './target.ts';

const types: Readonly<Record<MirrorType, string>> = {
  uuid: 'UUID',
  text: 'VARCHAR',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  decimal: 'DECIMAL(38, 10)',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMPTZ',
  'local-timestamp': 'TIMESTAMP',
  date: 'DATE',
  choices: 'INTEGER[]',
};

/** Types whose text depends on a setting of the session. */
const times: readonly MirrorType[] = ['timestamp', 'local-timestamp', 'date'];

export const duckdbDialect: Dialect = {
  kind: 'duckdb',
  types,
  tableName: quoteName,
  columnNames: (table) =>
    `SELECT column_name AS name FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = current_schema() AND table_name = ${quoteString(table)}`,
  // An index over all keys would be in memory; MERGE is as fast without one.
  primaryKey: '',
  pageForm: 'json',
  pageRows(columns, first) {
    const wire = columns.map(
      ({ type }, index) =>
        `"c${index}":"${type === 'choices' || type === 'decimal' ? 'VARCHAR' : types[type]}"`,
    );
    const cells = columns.map(
      ({ name, type }, index) => `${toCell(type, `r.c${index}`)} AS ${quoteName(name)}`,
    );
    return `(SELECT ${cells.join(', ')} FROM (SELECT unnest(from_json($${first}::JSON, '[{${wire.join(',')}}]')) AS r))`;
  },
  ids: `(SELECT unnest(from_json($1::JSON, '["UUID"]')) AS id)`,
  hash: (cells: readonly Cell[]) =>
    `md5(CAST(ROW(${cells.map(({ sql, type }) => (times.includes(type) ? `epoch_us(CAST(${sql} AS TIMESTAMP))` : sql)).join(', ')}) AS VARCHAR))`,
  differs: (a, b) => `${a} IS DISTINCT FROM ${b}`,
  upsert: mergeInto,
  hasChoice: (cell, value) => `list_contains(${cell}, ${value})`,
  joinLabels: (label, order) => `string_agg(${label}, '; ' ORDER BY ${order})`,
  shareLock: '',
  lockLayout: '',
  nowMs: 'epoch_ms(now())',
};

function toCell(type: MirrorType, cell: string): string {
  if (type === 'choices') return `CAST(string_split(${cell}, ',') AS INTEGER[])`;
  return type === 'decimal' ? `CAST(${cell} AS ${types.decimal})` : cell;
}

function mergeInto({ table, key, values, rows, guard }: Upsert): string {
  const columns = values.map(({ column }) => column);
  const source = values.map(({ column, sql }) => `${sql} AS ${column}`);
  const updates = columns.filter((column) => column !== key).map((column) => `${column} = new.${column}`);
  return `MERGE INTO ${table} AS old USING (SELECT ${source.join(', ')} FROM ${rows} AS page) AS new
    ON old.${key} = new.${key}
    WHEN MATCHED AND (${guard}) THEN UPDATE SET ${updates.join(', ')}
    WHEN NOT MATCHED THEN INSERT (${columns.join(', ')}) VALUES (${columns.map((column) => `new.${column}`).join(', ')})`;
}
