import type { ColumnValues } from './store/types.ts';

/**
 * An error of a plug-in with more than a message, like `InvalidPluginExecutionException` of the SDK. Callers who request
 * all annotations get the status and the code.
 *
 * @example throw new PlugInError('The credit limit is exceeded.', { operationStatus: 1, subErrorCode: 12345 });
 */
export class PlugInError extends Error {
  /** `OperationStatus` of the SDK: 0 failed, 1 canceled, 2 retry, 3 suspended, 4 succeeded. */
  readonly operationStatus: number | undefined;
  readonly subErrorCode: number | undefined;

  constructor(
    message: string,
    details: { readonly operationStatus?: number; readonly subErrorCode?: number } = {},
  ) {
    super(message);
    this.name = 'PlugInError';
    this.operationStatus = details.operationStatus;
    this.subErrorCode = details.subErrorCode;
  }
}

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
   * code 0x80040265 and that message. A `PlugInError` adds details.
   *
   * @param values The columns that are written, by logical name; empty for `Delete`.
   * @param id The row's id; undefined for a synchronous `Create`.
   */
  readonly run: (values: ColumnValues, id: string | undefined) => ColumnValues | undefined;
}
