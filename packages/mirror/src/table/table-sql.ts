import type { MirrorColumn, TablePlan } from '../plan/mirror-column.ts';
import { ownColumns } from '../plan/mirror-column.ts';
import { layoutTables } from '../target/layout.ts';
import { type Dialect, quoteName } from '../target/target.ts';

/** A row of the target, as far as a comparison needs it. */
export interface KnownVersion {
  readonly id: string;
  /** Digits; null for a table without versions. */
  readonly version: string | null;
  /** The number of the load that wrote it. */
  readonly load: number;
}

/** The SQL statements of one mirrored table. */
export interface TableSql {
  /** Parameters: number of the load, time, page. */
  readonly upsert: string;
  /** The same without a guard. */
  readonly overwrite: string;
  /** Parameter: ids. */
  readonly remove: string;
  /** Marks rows as deleted. Parameters: ids, time. */
  readonly markDeleted: string;
  /** Removes rows that were deleted before a time. */
  readonly removeDeleted: string;
  /** Removes the rows that an earlier `deletes: keep` kept. */
  readonly removeAllDeleted: string;
  /** The versions of those rows of `$1` that the target has. */
  readonly versionsOf: string;
  /** The versions above `$1`. */
  readonly versionsAbove: string;
  /** The highest versions, at most `$1`. */
  readonly newest: string;
  /** Ids that the target has and no walk has seen: after `$1`, at most `$2`. */
  readonly unseen: string;
  /** Rows whose cells do not have their hash. Parameter: number of the load. */
  readonly damaged: string;
  /** Rows of a page that the target lacks, or has with other cells. */
  readonly differing: string;
  readonly rehash: string;
  readonly count: string;
}

/** The guard of an upsert: whether the row of a page replaces that of the target. */
export type RowGuard = (names: { readonly version?: string; readonly differs: Dialect['differs'] }) => string;

/**
 * One reader applies the pages in the order in which it reads them, so the later read is right: a row is replaced if
 * anything differs. Its version may be lower, after a restore of the organization.
 */
export const standardGuard: RowGuard = ({ version, differs }) =>
  [
    ...(version === undefined ? [] : [differs(`new.${version}`, `old.${version}`)]),
    differs(`new.${ownColumns.hash}`, `old.${ownColumns.hash}`),
    `old.${ownColumns.load} < new.${ownColumns.load}`,
    `old.${ownColumns.deletedAt} IS NOT NULL`,
  ].join(' OR ');

const versionColumn = 'versionnumber';

/** Writes the statements of a table with these columns. */
export function writeTableSql(
  dialect: Dialect,
  plan: Pick<TablePlan, 'table' | 'key'>,
  columns: readonly MirrorColumn[],
  guard: RowGuard = standardGuard,
): TableSql {
  const table = dialect.tableName(plan.table);
  const [key, hash, load] = [plan.key, ownColumns.hash, ownColumns.load].map(quoteName) as [
    string,
    string,
    string,
  ];
  const deletedAt = quoteName(ownColumns.deletedAt);
  const seen = dialect.tableName(layoutTables.seen);
  const cells = (row: string) =>
    columns.map(({ name, type }) => ({ sql: `${row}.${quoteName(name)}`, type }));
  const version = columns.some(({ name }) => name === versionColumn) ? quoteName(versionColumn) : undefined;
  const versionText = version === undefined ? 'NULL' : `CAST(${version} AS ${dialect.types.text})`;
  const known = `SELECT CAST(${key} AS ${dialect.types.text}) AS id, ${versionText} AS version, ${load} AS load FROM ${table} WHERE ${deletedAt} IS NULL`;
  const written = {
    ...{ table, key, rows: dialect.pageRows(columns, 3) },
    values: [
      ...columns.map(({ name }) => ({ column: quoteName(name), sql: `page.${quoteName(name)}` })),
      { column: load, sql: `CAST($1 AS ${dialect.types.integer})` },
      { column: hash, sql: dialect.hash(cells('page')) },
      { column: quoteName(ownColumns.syncedAt), sql: `CAST($2 AS ${dialect.types.timestamp})` },
      { column: deletedAt, sql: 'NULL' },
    ],
  };
  return {
    upsert: dialect.upsert({ ...written, guard: guard({ version, differs: dialect.differs }) }),
    overwrite: dialect.upsert({ ...written, guard: 'true' }),
    remove: `DELETE FROM ${table} WHERE ${key} IN ${dialect.ids}`,
    markDeleted: `UPDATE ${table} SET ${deletedAt} = CAST($2 AS ${dialect.types.timestamp}) WHERE ${key} IN ${dialect.ids} AND ${deletedAt} IS NULL`,
    removeDeleted: `DELETE FROM ${table} WHERE ${deletedAt} < CAST($1 AS ${dialect.types.timestamp})`,
    removeAllDeleted: `DELETE FROM ${table} WHERE ${deletedAt} IS NOT NULL`,
    versionsOf: `${known} AND ${key} IN ${dialect.ids}`,
    versionsAbove: `${known} AND ${version ?? '0'} > CAST($1 AS ${dialect.types.bigint})`,
    newest: `${known} ORDER BY ${version ?? key} DESC LIMIT $1`,
    unseen: `${known} AND ${key} > CAST($1 AS ${dialect.types.uuid}) AND NOT EXISTS (SELECT 1 FROM ${seen} AS seen WHERE seen.table_name = $3 AND seen.id = ${table}.${key}) ORDER BY ${key} LIMIT $2`,
    damaged: `${known} AND ${load} = $1 AND ${dialect.differs(hash, dialect.hash(cells(table)))}`,
    differing: `SELECT CAST(page.${key} AS ${dialect.types.text}) AS id FROM ${dialect.pageRows(columns, 1)} AS page LEFT JOIN ${table} AS old
      ON old.${key} = page.${key} AND old.${deletedAt} IS NULL
      WHERE old.${key} IS NULL OR ${dialect.differs(dialect.hash(cells('page')), dialect.hash(cells('old')))}`,
    rehash: `UPDATE ${table} SET ${hash} = ${dialect.hash(cells(table))}`,
    count: `SELECT count(*) AS count FROM ${table} WHERE ${deletedAt} IS NULL`,
  };
}
