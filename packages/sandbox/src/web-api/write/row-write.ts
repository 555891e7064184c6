import type { TableModel } from '../../model/types.ts';
import type { ColumnValues, OrganizationStore, StoredRow } from '../../store/types.ts';

/** A write before it is executed. `current` is the existing row; absent on create. */
export interface RowWrite {
  readonly store: OrganizationStore;
  readonly table: TableModel;
  readonly values: ColumnValues;
  readonly current?: StoredRow;
}
