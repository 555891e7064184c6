import type { ColumnValues } from './store/types.ts';

/**
 * Custom logic of an organization, registered on a message of a table as makers do it.
 * https://learn.microsoft.com/power-apps/developer/data-platform/plug-ins
 */
export interface PlugIn {
  readonly message: 'Create' | 'Update' | 'Delete';
  /** Logical name: `incident`. */
  readonly table: string;
  /** `sync`: before the row is written; `async`: afterwards. */
  readonly mode: 'sync' | 'async';
  /**
   * Gets the columns that are written (none for Delete) and the row's id, where it has one yet. What a synchronous
   * one answers is written besides; when it throws, the write fails with its message.
   */
  readonly run: (values: ColumnValues, id: string | undefined) => ColumnValues | undefined;
}
