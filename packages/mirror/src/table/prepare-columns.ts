import { type MirrorColumn, ownColumns, type TablePlan } from '../plan/mirror-column.ts';
import { layoutTables } from '../target/layout.ts';
import { type Dialect, type MirrorSql, quoteName } from '../target/target.ts';

/** What has changed in the columns of a table since they were compared last. */
export interface ColumnChanges {
  /** The columns of the plan, with the names that they have in the target. */
  readonly columns: readonly MirrorColumn[];
  /** Columns whose cells must be read for all rows. */
  readonly added: readonly string[];
  /** Columns that the organization lacks now, or that mirror.yaml does not list any more. They keep their cells. */
  readonly gone: readonly string[];
}

interface RecordedColumn {
  readonly column_name: string;
  readonly source: string;
  readonly type: string;
  readonly gone_at: unknown;
}

/**
 * Brings the columns of a table up to date: creates the table, adds columns and records which ones are gone. A column
 * whose type has changed becomes a new one, with `__2` after its name. To be called in a transaction.
 */
export async function prepareColumns(
  sql: MirrorSql,
  dialect: Dialect,
  plan: TablePlan,
  now: string,
): Promise<ColumnChanges> {
  await sql.query(createTable(dialect, plan));
  const registry = dialect.tableName(layoutTables.column);
  const recorded = await sql.query<RecordedColumn>(
    `SELECT column_name, source, type, gone_at FROM ${registry} WHERE table_name = $1`,
    [plan.table],
  );
  const taken = new Set(recorded.map(({ column_name: name }) => name));
  const added: string[] = [];
  const columns: MirrorColumn[] = [];
  for (const column of plan.columns) {
    const known = recorded.find(({ source, type }) => source === column.source && type === column.type);
    const name = known?.column_name ?? freeName(column.name, taken);
    columns.push({ ...column, name });
    if (known !== undefined && known.gone_at === null) continue;
    added.push(name);
    taken.add(name);
    const values = [plan.table, name];
    if (known !== undefined) {
      const back = `UPDATE ${registry} SET gone_at = NULL WHERE table_name = $1 AND column_name = $2`;
      await sql.query(back, values);
      continue;
    }
    if (column.name !== plan.key) await sql.query(addColumn(dialect, plan.table, { ...column, name }));
    const insert = `INSERT INTO ${registry} (table_name, column_name, source, type) VALUES ($1, $2, $3, $4)`;
    await sql.query(insert, [...values, column.source, column.type]);
  }
  const current = new Set(columns.map(({ name }) => name));
  const gone = recorded.filter((known) => known.gone_at === null && !current.has(known.column_name));
  for (const { column_name: name } of gone) {
    const text = `UPDATE ${registry} SET gone_at = CAST($3 AS ${dialect.types.timestamp}) WHERE table_name = $1 AND column_name = $2`;
    await sql.query(text, [plan.table, name, now]);
  }
  return { columns, added, gone: gone.map(({ column_name: name }) => name) };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}__${number}`;
  return free;
}

function createTable({ types, tableName, primaryKey }: Dialect, { table, key }: TablePlan): string {
  const columns = [
    `${quoteName(key)} ${types.uuid} ${primaryKey}`,
    `${quoteName(ownColumns.load)} ${types.integer} NOT NULL`,
    `${quoteName(ownColumns.hash)} ${types.text} NOT NULL`,
    `${quoteName(ownColumns.syncedAt)} ${types.timestamp} NOT NULL`,
    `${quoteName(ownColumns.deletedAt)} ${types.timestamp}`,
  ];
  return `CREATE TABLE IF NOT EXISTS ${tableName(table)} (${columns.join(', ')})`;
}

function addColumn({ types, tableName }: Dialect, table: string, { name, type }: MirrorColumn): string {
  return `ALTER TABLE ${tableName(table)} ADD COLUMN ${quoteName(name)} ${types[type]}`;
}
