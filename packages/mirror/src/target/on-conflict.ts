import type { Upsert } from './target.ts';

/** An upsert as SQLite and PostgreSQL know it. */
export function insertOnConflict({ table, key, values, rows, guard }: Upsert): string {
  const columns = values.map(({ column }) => column);
  const updates = columns
    .filter((column) => column !== key)
    .map((column) => `${column} = excluded.${column}`);
  const replaced = guard.replaceAll('new.', 'excluded.');
  return `INSERT INTO ${table} AS old (${columns.join(', ')})
    SELECT ${values.map(({ sql }) => sql).join(', ')} FROM ${rows} AS page WHERE true
    ON CONFLICT (${key}) DO UPDATE SET ${updates.join(', ')} WHERE ${replaced}`;
}
