import type { JsonObject } from '../model/json.ts';
import { isJsonObject } from '../model/json.ts';
import { isBoolean, isNumber, isText, listOf, mapOf, objectOf, optional } from '../model/json-shape.ts';
import type { StateStore } from '../model/runtime-services.ts';
import type { BaselineState } from './baseline-state.ts';
import type { Cursor } from './cursor.ts';
import { isDigits, parseCursor, serializeCursor } from './cursor-json.ts';
import type { Feed, FeedNeeds } from './feed.ts';
import { parseStoredJson, unreadableError } from './parse-stored-json.ts';

/** The position and the state of a feed. Each read replaces it, together with what the read found. */
export interface FeedHead {
  /** A new one when the state of the feed was lost. */
  readonly id: string;
  /** Counts restores of the organization. */
  readonly epoch: number;
  /**
   * The number of the newest entry. A new feed starts at the organization's time in milliseconds, so that the entries
   * of a feed whose state was lost still count up.
   */
  readonly sequence: number;
  /** Entries up to this number are not in the log any more. */
  readonly prunedThrough: number;
  /** The organization's time of the last read, in milliseconds. */
  readonly readAtMs: number;
  /** The organization's time of the last short read after a wake. */
  readonly wokenAtMs?: number;
  /** The organization's time of the last check that runs seldom: retention and restores. */
  readonly checkedAtMs: number;
  /** Absent as long as only deletions are needed. */
  readonly cursor?: Cursor;
  /** Changes since then have a record; with the cursor. */
  readonly startedMs?: number;
  /** The highest version that was read. */
  readonly highestVersion: bigint;
  readonly needs: FeedNeeds;
  readonly baseline: BaselineState;
  /** Present after a restore of the organization, until all rows were compared. */
  readonly rewind?: RewindState;
  /** Per column with deadlines, the time from which the next read reads them. */
  readonly dueFromMs: Readonly<Record<string, number>>;
}

/** A walk over all rows after a restore. */
export interface RewindState {
  /** The next page; absent at the start. */
  readonly page?: string;
  /** Rows so far. */
  readonly done: number;
}

/** A head as it is stored, with the version that a commit expects. */
export interface StoredHead {
  readonly head: FeedHead | undefined;
  readonly version: number | undefined;
}

const formatVersion = 1;

const hasParts = objectOf({
  needs: objectOf({
    changes: isBoolean,
    columns: listOf(isText),
    deletions: isBoolean,
    due: listOf(isText),
    logged: optional(listOf(isText)),
  }),
  baseline: objectOf({
    columns: listOf(isText),
    walk: optional(objectOf({ columns: listOf(isText), page: optional(isText), done: isNumber })),
  }),
  rewind: optional(objectOf({ page: optional(isText), done: isNumber })),
  startedMs: optional(isNumber),
  wokenAtMs: optional(isNumber),
  dueFromMs: mapOf(isNumber),
});

/** The head of a feed before its first read. */
export function createHead(id: string, epoch = 0): FeedHead {
  return {
    id,
    epoch,
    sequence: 0,
    prunedThrough: 0,
    readAtMs: 0,
    checkedAtMs: 0,
    highestVersion: 0n,
    needs: { changes: false, columns: [], deletions: false, due: [], logged: [] },
    baseline: { columns: [] },
    dueFromMs: {},
  };
}

export function headKey({ key }: Pick<Feed, 'key'>): string {
  return `${key}head`;
}

/** Loads the head of a feed; `head` is undefined before the first read. CHECKPOINT_INVALID if it cannot be read. */
export async function loadHead(feed: {
  readonly key: string;
  readonly store: StateStore;
}): Promise<StoredHead> {
  const key = headKey(feed);
  const entry = await feed.store.get(key);
  if (entry === undefined) return { head: undefined, version: undefined };
  const head = parseHead(parseStoredJson(key, entry.value, isJsonObject));
  if (head === undefined) throw unreadableError(key);
  return { head, version: entry.version };
}

export function serializeHead({ cursor, highestVersion, ...head }: FeedHead): string {
  return JSON.stringify({
    v: formatVersion,
    ...head,
    cursor: cursor && serializeCursor(cursor),
    highestVersion: String(highestVersion),
  });
}

function parseHead(json: JsonObject): FeedHead | undefined {
  if (json.v !== formatVersion || typeof json.id !== 'string') return undefined;
  const numbers = [json.epoch, json.sequence, json.prunedThrough, json.readAtMs, json.checkedAtMs];
  if (!numbers.every(Number.isSafeInteger) || !isDigits(json.highestVersion)) return undefined;
  const cursor = parseCursor(json.cursor);
  if (json.cursor !== undefined && cursor === undefined) return undefined;
  if (!hasParts(json)) return undefined;
  const { v: _, ...head } = json as JsonObject & Omit<FeedHead, 'cursor' | 'highestVersion'>;
  // A head of an earlier version has no list of them.
  const needs = { ...head.needs, logged: head.needs.logged ?? [] };
  return { ...head, needs, cursor, highestVersion: BigInt(json.highestVersion) };
}
