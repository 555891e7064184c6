import type { CallOptions } from './call-options.ts';

/** Options of one call. */
export interface RunOptions extends CallOptions {
  /** Cancels the call: it ends with ABORTED. */
  readonly signal?: AbortSignal;
  /**
   * Makes a create safe to repeat: with the same key, connection and action it always creates the same row, also after
   * a crash.
   */
  readonly idempotencyKey?: string;
  /** Called with the number of rows so far: after each page of a list, and after each request that writes many rows. */
  readonly onRows?: (count: number) => void;
  /** Rows per page, 1 to 5,000. */
  readonly pageSize?: number;
}
