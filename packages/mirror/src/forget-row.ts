import { layoutTables } from './target/layout.ts';
import { type MirrorTarget, quoteName } from './target/target.ts';

/**
 * Removes a row from a target, also one that is kept as deleted, with what the mirror remembers of it. A row that the
 * organization still has returns with its next change, or when keys are compared: delete it there first.
 *
 * @param row logical name of the table, and the id
 * @returns whether the target had it
 */
export async function forgetRow(
  target: MirrorTarget,
  { table, id }: { readonly table: string; readonly id: string },
): Promise<boolean> {
  const { dialect } = target;
  const key = await findKey(target, table);
  if (key === undefined) return false;
  return await target.transaction(async (sql) => {
    for (const name of [layoutTables.seen, layoutTables.deleted]) {
      const text = `DELETE FROM ${dialect.tableName(name)} WHERE table_name = $1 AND id = CAST($2 AS ${dialect.types.uuid})`;
      await sql.query(text, [table, id]);
    }
    const where = `WHERE ${quoteName(key)} = CAST($1 AS ${dialect.types.uuid})`;
    const [found] = await sql.query(`SELECT 1 AS found FROM ${dialect.tableName(table)} ${where}`, [id]);
    await sql.query(`DELETE FROM ${dialect.tableName(table)} ${where}`, [id]);
    return found !== undefined;
  });
}

/** The key column of a mirrored table; undefined if the target does not have the table. */
async function findKey({ query, dialect }: MirrorTarget, table: string): Promise<string | undefined> {
  const text = `SELECT key_column FROM ${dialect.tableName(layoutTables.table)} WHERE table_name = $1`;
  const [row] = await query<{ readonly key_column: string }>(text, [table]);
  return row?.key_column;
}
