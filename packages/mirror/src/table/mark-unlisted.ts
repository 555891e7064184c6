import { layoutTables } from '../target/layout.ts';
import type { Lease } from '../target/lease.ts';
import type { MirrorTarget } from '../target/target.ts';
import { parseState, serializeState } from './table-state.ts';

/** Records which tables of a target mirror.yaml does not list any more: nothing of them is read or written. */
export async function markUnlisted(
  target: MirrorTarget,
  lease: Pick<Lease, 'check'>,
  listed: ReadonlySet<string>,
): Promise<void> {
  const table = target.dialect.tableName(layoutTables.table);
  await target.transaction(async (sql) => {
    await lease.check(sql);
    const rows = await sql.query<{ readonly table_name: string; readonly state: string }>(
      `SELECT table_name, state FROM ${table}`,
    );
    for (const { table_name: name, state: text } of rows) {
      const { isUnlisted = false, ...state } = parseState(name, text);
      if (isUnlisted !== listed.has(name)) continue;
      const next = isUnlisted ? state : { ...state, isUnlisted: true };
      await sql.query(`UPDATE ${table} SET state = $2 WHERE table_name = $1`, [name, serializeState(next)]);
    }
  });
}
