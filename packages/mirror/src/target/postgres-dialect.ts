import { quoteString } from 'dynamics365-connector/host';
import type { MirrorType } from '../plan/mirror-column.ts';
import { insertOnConflict } from './on-conflict.ts';
import { type Cell, type Dialect, quoteName } from './target.ts';

const types: Readonly<Record<MirrorType, string>> = {
  uuid: 'uuid',
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  decimal: 'numeric',
  boolean: 'boolean',
  timestamp: 'timestamptz',
  'local-timestamp': 'timestamp',
  date: 'date',
  choices: 'integer[]',
};

/** Types whose text depends on a setting of the session. */
const times: readonly MirrorType[] = ['timestamp', 'local-timestamp', 'date'];

export function createPostgresDialect(schema: string): Dialect {
  const tableName = (name: string) => `${quoteName(schema)}.${quoteName(name)}`;
  return {
    kind: 'postgres',
    types,
    tableName,
    columnNames: (table) =>
      `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass(${quoteString(tableName(table))}) AND attnum > 0 AND NOT attisdropped`,
    primaryKey: 'PRIMARY KEY',
    pageForm: 'json',
    pageRows(columns, first) {
      const wire = columns.map(({ type }, index) => `c${index} ${type === 'choices' ? 'text' : types[type]}`);
      const cells = columns.map(({ name, type }, index) => {
        const cell = type === 'choices' ? `string_to_array(c${index}, ',')::integer[]` : `c${index}`;
        return `${cell} AS ${quoteName(name)}`;
      });
      return `(SELECT ${cells.join(', ')} FROM json_to_recordset($${first}::json) AS x(${wire.join(', ')}))`;
    },
    ids: '(SELECT value::uuid AS id FROM json_array_elements_text($1::json))',
    hash: (cells: readonly Cell[]) =>
      `md5(ROW(${cells.map(({ sql, type }) => (times.includes(type) ? `extract(epoch from ${sql})` : sql)).join(', ')})::text)`,
    differs: (a, b) => `${a} IS DISTINCT FROM ${b}`,
    upsert: insertOnConflict,
    hasChoice: (cell, value) => `${value} = ANY(${cell})`,
    joinLabels: (label, order) => `string_agg(${label}, '; ' ORDER BY ${order})`,
    shareLock: 'FOR SHARE',
    lockLayout: `SELECT pg_advisory_xact_lock(hashtextextended('d365_mirror', 0))`,
    nowMs: '(extract(epoch from clock_timestamp()) * 1000)::bigint',
  };
}
