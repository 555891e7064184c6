import type { TableModel } from '../../model/types.ts';
import type { ColumnValues, StoredRow } from '../../store/types.ts';

/** A message that is executed for a row: the event that steps are registered for. */
export interface MessageEvent {
  /** `Create`, `Update`, `Delete`. */
  readonly message: string;
  readonly table: TableModel;
  readonly id: string;
  /** The values of the request, by logical name; empty for `Delete`. */
  readonly values: ColumnValues;
  /** The parameters and results of an operation that is not a write of a row. */
  readonly parameters?: {
    readonly input: Readonly<Record<string, unknown>>;
    readonly output: Readonly<Record<string, unknown>>;
  };
  /** The row before the operation; absent for `Create`. */
  readonly before?: StoredRow;
  /** The row after the operation; absent before it, and for `Delete`. */
  readonly after?: StoredRow;
}

/** A row that was created or updated, with the values of the request. */
export interface RowWritten {
  readonly message: 'CreateMultiple' | 'UpdateMultiple';
  readonly table: TableModel;
  readonly id: string;
  readonly values: ColumnValues;
}

/** A webhook call: where it goes and what it says. */
export interface WebhookPost {
  readonly endpointId: string;
  readonly stepName: string;
  readonly message: string;
  /** Logical name of the table, or `none`. */
  readonly table: string;
  readonly correlationId: string;
  /** The RemoteExecutionContext. */
  readonly context: ExecutionContext;
}

/** A RemoteExecutionContext as JSON. */
export type ExecutionContext = Readonly<Record<string, unknown>>;
