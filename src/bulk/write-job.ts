import type { ConnectorError } from '../errors/connector-error.ts';
import type { JsonObject } from '../model/json.ts';
import type { SharedCallOptions } from '../run/apply-call-options.ts';

/** Many rows of one table, to be written. */
export interface WriteJob {
  /** Our name of the table: `contact`. */
  readonly table: string;
  /** create: new rows. update: rows that are there, each with its `id`. upsert: whichever it is. */
  readonly verb: 'create' | 'update' | 'upsert';
  /** Rows in our words; read as they are needed, never all at once. */
  readonly rows: AsyncIterable<JsonObject> | Iterable<JsonObject>;
  /** Of an upsert: the columns that say which row is meant, `['id']` or those of an alternate key. */
  readonly matchOn?: readonly string[];
  /**
   * A name for this work. The same job over the same rows goes on where it stopped, also after a crash, and never
   * makes a row twice. Without one, every run begins at the first row.
   */
  readonly key?: string;
  /** How the rows travel; chosen by their number and by what the table can do unless told. */
  readonly route?: WriteRoute;
  /** Requests under way at a time, at most; the pace of the connection may allow fewer. 4 unless told. */
  readonly concurrency?: number;
  /** Called after each request, in order of the rows, and first of all where earlier runs had come. */
  readonly onProgress?: (progress: WriteProgress) => void;
  /** What is asked for with each row: another user's name, custom logic passed over. */
  readonly options?: SharedCallOptions;
  readonly signal?: AbortSignal;
}

/** One row a request; several in a `$batch`; several in one bulk message (CreateMultiple and its kin). */
export type WriteRoute = 'single' | 'batch' | 'message';

/** How far a job has come. */
export interface WriteProgress {
  /** Rows that were written, those of earlier runs included. */
  readonly written: number;
  readonly failed: number;
}

/** What became of one row, counted from 0. */
export interface RowReport {
  readonly index: number;
  /** Known unless an upsert by alternate key left it to Dataverse. */
  readonly id?: string;
  /** Absent = written. */
  readonly error?: ConnectorError;
}
