import { quoteString } from 'dynamics365-connector/host';
import type { MirrorColumn, TablePlan } from '../plan/mirror-column.ts';
import { ownColumns } from '../plan/mirror-column.ts';
import { layoutTables } from '../target/layout.ts';
import { type Dialect, type MirrorSql, quoteName } from '../target/target.ts';

/** The name of the view with the labels of choices: `incident_labeled`. */
export function viewName(table: string): string {
  return `${table}_labeled`;
}

/** Writes the labels of a table's choices. To be called in a transaction. */
export async function writeLabels(
  sql: MirrorSql,
  dialect: Dialect,
  table: string,
  columns: readonly MirrorColumn[],
): Promise<void> {
  const choices = dialect.tableName(layoutTables.choice);
  await sql.query(`DELETE FROM ${choices} WHERE table_name = $1`, [table]);
  for (const { name, labels = [] } of columns) {
    const unique = [...new Map(labels.map((label) => [label.value, label])).values()];
    if (unique.length === 0) continue;
    const rows = unique.map((_, at) => `($1, $2, $${2 * at + 3}, $${2 * at + 4})`);
    await sql.query(
      `INSERT INTO ${choices} (table_name, column_name, value, label) VALUES ${rows.join(', ')}`,
      [table, name, ...unique.flatMap(({ value, label }) => [value, label])],
    );
  }
}

/** The statements that create the view of a table: its rows that are not deleted, with the labels of choices. */
export function labelViewStatements(
  dialect: Dialect,
  { table }: Pick<TablePlan, 'table'>,
  columns: readonly MirrorColumn[],
): readonly string[] {
  const names = new Set(columns.map(({ name }) => name));
  const labels = columns
    .filter(({ name, labels: known = [] }) => known.length > 0 && !names.has(`${name}_label`))
    .map((column) => `${labelOf(dialect, table, column)} AS ${quoteName(`${column.name}_label`)}`);
  const cells = columns.map(({ name }) => `t.${quoteName(name)}`);
  const view = dialect.tableName(viewName(table));
  return [
    `DROP VIEW IF EXISTS ${view}`,
    `CREATE VIEW ${view} AS SELECT ${[...cells, ...labels].join(', ')} FROM ${dialect.tableName(table)} AS t
      WHERE t.${quoteName(ownColumns.deletedAt)} IS NULL`,
  ];
}

function labelOf(dialect: Dialect, table: string, { name, type }: MirrorColumn): string {
  const cell = `t.${quoteName(name)}`;
  const isList = type === 'choices';
  const matches = isList
    ? dialect.hasChoice(cell, 'c.value')
    : `c.value = CAST(${cell} AS ${dialect.types.integer})`;
  const label = isList ? dialect.joinLabels('c.label', 'c.value') : 'c.label';
  return `(SELECT ${label} FROM ${dialect.tableName(layoutTables.choice)} AS c
    WHERE c.table_name = ${quoteString(table)} AND c.column_name = ${quoteString(name)} AND ${matches})`;
}
