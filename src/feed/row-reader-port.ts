import type { JsonObject } from '../model/json.ts';

/** A row as Dataverse sends it. */
export type WireRow = JsonObject;

/** One page, with the organization's time of the response. */
export interface PollPage {
  readonly rows: readonly WireRow[];
  readonly nextLink?: string;
  /** Only on the last page of `trackChanges` and `follow`. */
  readonly deltaLink?: string;
  /** The `Date` header of the response, in milliseconds. Polls use no other clock for events. */
  readonly serverTimeMs: number;
}

/** A query on the trigger's table. */
export interface RowQuery {
  /** If absent, all rows. */
  readonly filter?: string;
  /** Absent for change tracking, which allows neither filter nor order. */
  readonly orderBy?: string;
  /** Wire names. The reader leaves out columns that the organization lacks. */
  readonly select: readonly string[];
  readonly pageSize: number;
}

/** Takes rows of a page while it arrives. */
export type TakeRows = (rows: readonly WireRow[]) => Promise<void>;

/**
 * Reads rows of the table that a trigger watches. An implementation checks the origin of links, applies the caller's
 * signal, and throws ConnectorErrors with `details.status` for error responses.
 */
export interface RowReader {
  /** The first page of a query. With `take`, the page has only the rows that were not taken. */
  read(query: RowQuery, take?: TakeRows): Promise<PollPage>;
  /** A page with the key of this row, or an empty one if Dataverse says that the row does not exist. */
  find(id: string): Promise<PollPage>;
  /** The page of a next link of `read`. */
  next(link: string, take?: TakeRows): Promise<PollPage>;
  /** The first page of all rows, with `Prefer: odata.track-changes`; uses only `select` and `pageSize`. */
  trackChanges(query: RowQuery): Promise<PollPage>;
  /** The number of rows of the table as Dataverse last counted it, up to a day ago; undefined if it does not tell. */
  countRows(): Promise<number | undefined>;
  /** The page of a delta link, or of a next link of `trackChanges` or `follow`. */
  follow(link: string): Promise<PollPage>;
}
