import { followChange, prepareChange } from '../../logic/registry.ts';
import type { RowChange } from '../../logic/table-logic.ts';
import { requireTable } from '../../store/require-table.ts';
import type { ColumnValues, StoredRow } from '../../store/types.ts';
import type { WebApiContext } from '../types.ts';
import { insertRow, updateRow } from './rows.ts';

/** A change by the caller of a request. */
export function toRowChange(
  { org, actor }: WebApiContext,
  { table, values, row }: { readonly table: string; readonly values: ColumnValues; readonly row?: StoredRow },
): RowChange {
  const { systemStore: store } = org;
  return { store, actor, nowMs: org.now(), table: requireTable(store.model, table), values, current: row };
}

/** Inserts a row with the logic of its table, for operations. */
export function insertValues(context: WebApiContext, table: string, values: ColumnValues): StoredRow {
  const change = toRowChange(context, { table, values });
  const row = insertRow(context, table, prepareChange(change));
  followChange(change, row);
  return row;
}

/** Updates a row with the logic of its table, for operations. */
export function updateValues(context: WebApiContext, row: StoredRow, values: ColumnValues): StoredRow {
  const change = toRowChange(context, { table: row.table, values, row });
  const { table, id } = row;
  const prepared = prepareChange(change);
  const updated = updateRow(context, { table, id, values: prepared });
  followChange(change, updated);
  return updated;
}
