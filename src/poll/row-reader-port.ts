import type { JsonObject } from '../model/json.ts';

/** A row as Dataverse sent it. */
export type WireRow = JsonObject;

/** One page as it came in, with the organization's time of the answer. */
export interface PollPage {
  readonly rows: readonly WireRow[];
  readonly nextLink?: string;
  /** Only on the last page of `trackChanges` and `follow`. */
  readonly deltaLink?: string;
  /** The answer's `Date`, in milliseconds. The one clock that counts here. */
  readonly serverTimeMs: number;
}

/** What to read of the trigger's table. */
export interface RowQuery {
  /** Absent: all rows. */
  readonly filter?: string;
  /** Absent for change tracking, which allows neither filter nor order. */
  readonly orderBy?: string;
  /** Wire names. A column that the organization lacks is the reader's to drop. */
  readonly select: readonly string[];
  readonly pageSize: number;
}

/**
 * Reads rows of the one table that a trigger watches. The engine implements it over its pipeline: links are
 * guarded, the caller's signal is bound, refusals are ConnectorErrors with `details.status`.
 */
export interface RowReader {
  /** The first page of a query. */
  read(query: RowQuery): Promise<PollPage>;
  /** The page behind a next link of `read`. */
  next(link: string): Promise<PollPage>;
  /** The first page of all rows, with `Prefer: odata.track-changes`; only `select` and `pageSize` count. */
  trackChanges(query: RowQuery): Promise<PollPage>;
  /** The page behind a delta link, or behind a next link of `trackChanges` or of `follow`. */
  follow(link: string): Promise<PollPage>;
}
