import { ConnectorError } from 'dynamics365-connector';
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
 *
 * @throws SETTING_INVALID if the target has a table of this name that no mirror made
 */
export async function prepareColumns(
  sql: MirrorSql,
  dialect: Dialect,
  plan: TablePlan,
  now: string,
): Promise<ColumnChanges> {
  const recorded = await readRecorded(sql, dialect, plan);
  const taken = new Set(recorded.map(({ column_name: name }) => name));
  const added: MirrorColumn[] = [];
  const returned: string[] = [];
  const columns: MirrorColumn[] = [];
  for (const column of plan.columns) {
    const known = recorded.find(({ source, type }) => source === column.source && type === column.type);
    const name = known?.column_name ?? freeName(column.name, taken);
    columns.push({ ...column, name });
    if (known === undefined) added.push({ ...column, name });
    else if (known.gone_at !== null) returned.push(name);
    taken.add(name);
  }
  const isNew = recorded.length === 0;
  for (const text of isNew ? [createTable(dialect, plan, added)] : addColumns(dialect, plan, added))
    await sql.query(text);
  const registry = new ColumnRegistry(sql, dialect, plan.table);
  await registry.add(added);
  for (const name of returned) await registry.setGone(name, null);
  const current = new Set(columns.map(({ name }) => name));
  const gone = recorded
    .filter((known) => known.gone_at === null && !current.has(known.column_name))
    .map(({ column_name: name }) => name);
  for (const name of gone) await registry.setGone(name, now);
  return { columns, added: [...added.map(({ name }) => name), ...returned], gone };
}

/** The rows about the columns of a table. */
class ColumnRegistry {
  readonly #sql: MirrorSql;
  readonly #dialect: Dialect;
  readonly #table: string;

  constructor(sql: MirrorSql, dialect: Dialect, table: string) {
    this.#sql = sql;
    this.#dialect = dialect;
    this.#table = table;
  }

  get #name(): string {
    return this.#dialect.tableName(layoutTables.column);
  }

  async add(columns: readonly MirrorColumn[]): Promise<void> {
    if (columns.length === 0) return;
    const rows = columns.map((_, at) => `($1, $${3 * at + 2}, $${3 * at + 3}, $${3 * at + 4})`);
    const values = columns.flatMap(({ name, source, type }) => [name, source, type]);
    const text = `INSERT INTO ${this.#name} (table_name, column_name, source, type) VALUES ${rows.join(', ')}`;
    await this.#sql.query(text, [this.#table, ...values]);
  }

  /** Records since when the organization lacks a column; null if it has it. */
  async setGone(column: string, time: string | null): Promise<void> {
    const text = `UPDATE ${this.#name} SET gone_at = CAST($3 AS ${this.#dialect.types.timestamp}) WHERE table_name = $1 AND column_name = $2`;
    await this.#sql.query(text, [this.#table, column, time]);
  }
}

/** The recorded columns that the table has. What was dropped in the target is not recorded any more, so it is added again. */
async function readRecorded(
  sql: MirrorSql,
  dialect: Dialect,
  { table }: TablePlan,
): Promise<readonly RecordedColumn[]> {
  const registry = dialect.tableName(layoutTables.column);
  const recorded = await sql.query<RecordedColumn>(
    `SELECT column_name, source, type, gone_at FROM ${registry} WHERE table_name = $1`,
    [table],
  );
  const found = await sql.query<{ readonly name: string }>(dialect.columnNames(table));
  if (recorded.length === 0 && found.length > 0) throw foreignTableError(table);
  const present = new Set(found.map(({ name }) => name));
  for (const { column_name: name } of recorded.filter((each) => !present.has(each.column_name)))
    await sql.query(`DELETE FROM ${registry} WHERE table_name = $1 AND column_name = $2`, [table, name]);
  return recorded.filter(({ column_name: name }) => present.has(name));
}

function foreignTableError(table: string): ConnectorError {
  return new ConnectorError('SETTING_INVALID', `The target has a table "${table}" that no mirror made.`, {
    advice: 'Rename it or drop it, or give the mirror a schema or a file of its own.',
  });
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}__${number}`;
  return free;
}

function createTable(
  { types, tableName, primaryKey }: Dialect,
  { table, key }: TablePlan,
  added: readonly MirrorColumn[],
): string {
  const columns = [
    `${quoteName(key)} ${types.uuid} ${primaryKey}`,
    `${quoteName(ownColumns.load)} ${types.integer} NOT NULL`,
    `${quoteName(ownColumns.hash)} ${types.text} NOT NULL`,
    `${quoteName(ownColumns.syncedAt)} ${types.timestamp} NOT NULL`,
    `${quoteName(ownColumns.deletedAt)} ${types.timestamp}`,
    ...added.filter(({ name }) => name !== key).map(({ name, type }) => `${quoteName(name)} ${types[type]}`),
  ];
  return `CREATE TABLE ${tableName(table)} (${columns.join(', ')})`;
}

function addColumns(
  { types, tableName }: Dialect,
  { table }: TablePlan,
  added: readonly MirrorColumn[],
): readonly string[] {
  return added.map(
    ({ name, type }) => `ALTER TABLE ${tableName(table)} ADD COLUMN ${quoteName(name)} ${types[type]}`,
  );
}
