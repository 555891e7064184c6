import { isNumber, isText, listOf, mapOf, objectOf, optional } from '../model/json-shape.ts';
import type { Feed } from './feed.ts';
import { parseStoredJson } from './parse-stored-json.ts';
import type { WriteBuffer } from './write-buffer.ts';

/**
 * The state of deletions, as JSON. Dataverse reports deletions through change tracking only: a scan of all rows returns
 * a delta link, and the delta link returns the rows that were deleted since.
 */
export interface DeletionState {
  /** A scan of all keys in progress. */
  readonly scan?: KeyScan;
  /** The delta link of every read. Like the window, it stays one overlap behind, for late commits. */
  readonly link?: DeltaLink;
  /** Replaces `link` once it is one overlap old. */
  readonly newerLink?: DeltaLink;
  /** The next page of `link`, if a limit interrupted the read. */
  readonly following?: { readonly page: string; readonly startedMs: number };
  /** The time of a second scan, which finds rows that were deleted during the first one. */
  readonly rescanAtMs?: number;
  /** The ids of all rows, so that an expired link loses no deletion; absent until the first scan is complete. */
  readonly knownIds?: KnownIds;
  /** Deletions in the log that `link` will return again: id -> time of the entry in milliseconds. */
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

const isLink = objectOf({ url: isText, atMs: isNumber });
const isDeletionState = objectOf({
  scan: optional(objectOf({ page: optional(isText), lists: listOf(isText) })),
  link: optional(isLink),
  newerLink: optional(isLink),
  following: optional(objectOf({ page: isText, startedMs: isNumber })),
  rescanAtMs: optional(isNumber),
  knownIds: optional(objectOf({ lists: listOf(isText), added: listOf(isText), removed: listOf(isText) })),
  reported: mapOf(isNumber),
});

/** The state before the first scan. */
const initialDeletionState: DeletionState = { scan: { lists: [] }, reported: {} };

/** The state of the last read, or the initial one. */
export async function loadDeletionState(feed: Feed, buffer: WriteBuffer): Promise<DeletionState> {
  const key = stateKey(feed);
  const text = await buffer.get(key);
  return text === undefined ? initialDeletionState : parseStoredJson(key, text, isDeletionState);
}

export function saveDeletionState(feed: Feed, buffer: WriteBuffer, state: DeletionState): void {
  buffer.set(stateKey(feed), JSON.stringify(state));
}

function stateKey({ key }: Feed): string {
  return `${key}deletions`;
}
