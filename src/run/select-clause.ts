import type { Table } from '../model/table.ts';
import type { Connection } from './connection.ts';
import { missingColumnsOf } from './missing-columns.ts';

/** The `$select` text of a table without the columns that this organization lacks. Cached: every call needs it. */
export function selectClauseOf(connection: Connection, table: Table): string {
  const cached = connection.selectClauses.get(table);
  if (cached !== undefined) return cached;
  const missing = missingColumnsOf(connection, table);
  const wires = table.columns.map((column) => column.wireName).filter((wire) => !missing.has(wire));
  const select = [...new Set([table.key, ...wires])].join(',');
  connection.selectClauses.set(table, select);
  return select;
}
