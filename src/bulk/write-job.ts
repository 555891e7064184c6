import type { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { SharedCallOptions } from '../run/apply-call-options.ts';

/** A job that writes many rows of one table. */
export interface WriteJob {
  /**
   * Our name of a table (`contact`); its rows have our column names. Or the logical name of any other table
   * (`new_shop`); its rows have logical names.
   */
  readonly table: string;
  /**
   * `create`: new rows. `update`: existing rows, each with its `id`. `upsert`: existing rows or new ones. `delete`:
   * existing rows, each as `{ id }`.
   */
  readonly verb: 'create' | 'update' | 'upsert' | 'delete';
  /** The rows. They are read as they are sent, never all at once. */
  readonly rows: AsyncIterable<JsonObject> | Iterable<JsonObject>;
  /** For an upsert: the columns that identify a row, `['id']` (the default) or those of an alternate key. */
  readonly matchOn?: readonly string[];
  /**
   * Idempotency key. A job with the same key and the same rows continues where it stopped, also after a crash, and
   * never creates a row twice. Without a key, every run starts at the first row.
   */
  readonly key?: string;
  /** How the rows are sent. By default it depends on the number of rows and on what the table supports. */
  readonly route?: WriteRoute;
  /**
   * Maximum number of concurrent requests; 4 by default. The degree of parallelism that the organization recommends
   * (`x-ms-dop-hint`) and its limits may allow fewer; after a deadlock, it is one.
   */
  readonly concurrency?: number;
  /** Called after each request, in order of the rows. A resumed job calls it first with the progress so far. */
  readonly onProgress?: (progress: WriteProgress) => void;
  /** Call options for each row. */
  readonly options?: SharedCallOptions;
  /** Cancels the job: it ends with ABORTED. */
  readonly signal?: AbortSignal;
}

/** One row per request; many rows per `$batch`; many rows per bulk message (CreateMultiple, UpdateMultiple, ...). */
export type WriteRoute = 'single' | 'batch' | 'message';

/** The progress of a job. */
export interface WriteProgress {
  /** Number of rows written, including those of earlier runs with the same key. */
  readonly written: number;
  /** Number of rows that failed, including those of earlier runs with the same key. */
  readonly failed: number;
}

/** The outcome of one row. */
export interface RowReport {
  /** The index of the row in the job, from 0. */
  readonly index: number;
  /** The id of the row; absent for an upsert by alternate key. */
  readonly id?: string;
  /** Why the row was not written; absent if it was. */
  readonly error?: ConnectorError;
}
