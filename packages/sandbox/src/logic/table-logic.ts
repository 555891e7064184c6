import type { TableModel } from '../model/types.ts';
import type { Actor, ColumnValues, OrganizationStore, StoredRow } from '../store/types.ts';

/** A create or an update of a row. */
export interface RowChange {
  readonly store: OrganizationStore;
  readonly actor: Actor;
  readonly nowMs: number;
  readonly table: TableModel;
  /** The columns that are written, by logical name. */
  readonly values: ColumnValues;
  /** The row before the update; absent on create. */
  readonly current?: StoredRow;
}

/** What Dataverse does with the rows of a table besides storing them. */
export interface TableLogic {
  /** Checks a change and returns the values to write. */
  readonly before?: (change: RowChange) => ColumnValues;
  /** Changes other rows, or the row again, after it was written. */
  readonly after?: (change: RowChange, row: StoredRow) => void;
  /** Throws when a rule forbids the deletion of a row. Deletes what goes with the row. */
  readonly beforeDelete?: (row: StoredRow, store: OrganizationStore) => void;
  /** Changes other rows after a row was deleted. */
  readonly afterDelete?: (row: StoredRow, by: Pick<RowChange, 'store' | 'actor'>) => void;
}

/** Updates another row with the logic of its table. */
export type UpdateRow = (
  by: Pick<RowChange, 'store' | 'actor' | 'nowMs'>,
  row: StoredRow,
  values: ColumnValues,
) => StoredRow;
