import type { ColumnValues } from './store/types.ts';

/**
 * Custom logic of an organization: a function that runs with each write to a table.
 * https://learn.microsoft.com/power-apps/developer/data-platform/plug-ins
 */
export interface PlugIn {
  readonly message: 'Create' | 'Update' | 'Delete';
  /** Logical name of the table, for example `incident`. */
  readonly table: string;
  /** `sync` runs before the row is written, `async` runs after it. */
  readonly mode: 'sync' | 'async';
  /**
   * Values returned by a synchronous plug-in are merged into the write. If it throws, the write fails with HTTP 400,
   * code 0x80040265 and that message.
   *
   * @param values The columns that are written, by logical name; empty for `Delete`.
   * @param id The row's id; undefined for a synchronous `Create`.
   */
  readonly run: (values: ColumnValues, id: string | undefined) => ColumnValues | undefined;
}
