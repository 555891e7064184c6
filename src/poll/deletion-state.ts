/**
 * The state of deletions, as JSON. Dataverse reports deletions through change tracking only: a scan of all rows returns
 * a delta link, and the delta link returns the rows that were deleted since.
 */
export interface DeletionState {
  /** A scan of all keys in progress. */
  readonly scan?: KeyScan;
  /** The delta link of every poll. Like the window, it stays one overlap behind, for late commits. */
  readonly link?: DeltaLink;
  /** Replaces `link` once it is one overlap old. */
  readonly newerLink?: DeltaLink;
  /** The next page of `link`, if a limit interrupted the read. */
  readonly following?: { readonly page: string; readonly startedMs: number };
  /** The time of a second scan, which finds rows that were deleted during the first one. */
  readonly rescanAtMs?: number;
  /** The ids of all rows, so that an expired link loses no deletion; absent until the first scan is complete. */
  readonly knownIds?: KnownIds;
  /** Reported deletions that `link` will return again: id -> time of the report in milliseconds. */
  readonly reported: Readonly<Record<string, number>>;
}

export interface DeltaLink {
  readonly url: string;
  /** The time of the response that returned it. */
  readonly atMs: number;
}

export interface KeyScan {
  /** The next page; absent at the start. */
  readonly page?: string;
  /** The names of the id lists that were saved so far. */
  readonly lists: readonly string[];
}

/** The ids of a table: saved lists, and the ids that were added and removed since. */
export interface KnownIds {
  readonly lists: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** The state before the first scan. */
export const initialDeletionState: DeletionState = { scan: { lists: [] }, reported: {} };
