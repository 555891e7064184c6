/**
 * What is known of deletions; plain JSON. Dataverse tells of them through change tracking only: a walk over
 * all rows earns a delta link, and following it tells what went since.
 */
export interface DeletionState {
  /** A quiet walk over all keys that is under way. */
  readonly scan?: KeyScan;
  /** Followed on every poll. It trails by an overlap, like the window: late commits are told again. */
  readonly link?: DeltaLink;
  /** Takes over from `link` once it is one overlap old. */
  readonly newerLink?: DeltaLink;
  /** `link` is being followed, and a limit interrupted that. */
  readonly following?: { readonly page: string; readonly startedMs: number };
  /** When a second walk is due, to find what went while the first was under way. */
  readonly rescanAtMs?: number;
  /** Which rows there are, so that an expired link loses nothing; absent until the first walk is done. */
  readonly knownIds?: KnownIds;
  /** Reported, and to be told again by `link`: record -> when we learned of it, in milliseconds. */
  readonly reported: Readonly<Record<string, number>>;
}

export interface DeltaLink {
  readonly url: string;
  /** Time of the answer that brought it. */
  readonly atMs: number;
}

export interface KeyScan {
  /** The next page; absent at the start. */
  readonly page?: string;
  /** Names of the lists of ids that were met so far. */
  readonly lists: readonly string[];
}

/** The ids of a table: lists that were kept, and what came and went since. */
export interface KnownIds {
  readonly lists: readonly string[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Before anything is known: a walk begins. */
export const initialDeletionState: DeletionState = { scan: { lists: [] }, reported: {} };
