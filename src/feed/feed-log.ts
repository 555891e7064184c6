import { isJsonObject, type Json } from '../model/json.ts';
import { isNumber, isText, isVersion, type JsonShape, listOf, objectOf } from '../model/json-shape.ts';
import type { Feed, Retention } from './feed.ts';
import type { FeedHead } from './feed-head.ts';
import { parseStoredJson } from './parse-stored-json.ts';
import type { WireRow } from './row-reader-port.ts';
import { withoutNameOf } from './without-name-of.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** A row that was created or changed, as it was when it was read. */
export interface ChangedEntry {
  readonly kind: 'changed';
  readonly id: string;
  /** Digits: as a JSON number, a version above 2^53 would lose some. */
  readonly version: string;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly modifiedBy?: string;
  /** The first version of a new row that the feed read. */
  readonly isNew: boolean;
  /** The version that the feed read before; absent if it has not read the row before. */
  readonly previousVersion?: string;
  /** The time since the change that the feed read before, in milliseconds, if it is less than a minute. */
  readonly sinceLastMs?: number;
  /** Wire names of the watched columns with another value than before. */
  readonly changedColumns: readonly string[];
  /** Wire names of the watched columns whose value before is unknown. */
  readonly uncertainColumns: readonly string[];
  readonly row: WireRow;
  /** The organization's time of the read. */
  readonly atMs: number;
}

/** A row that was deleted: only its id is known. */
export interface DeletedEntry {
  readonly kind: 'deleted';
  readonly id: string;
  readonly atMs: number;
}

/** What the read adds to the facts of a changed row. */
export type RowChange = Pick<
  ChangedEntry,
  'isNew' | 'previousVersion' | 'sinceLastMs' | 'changedColumns' | 'uncertainColumns' | 'atMs'
>;

/** A row whose deadline passed; nothing else of it changed. */
export interface DueEntry extends Omit<ChangedEntry, 'kind' | Exclude<keyof RowChange, 'atMs'>> {
  readonly kind: 'due';
  /** Wire name of the column with the deadline. */
  readonly column: string;
}

/** One change of one row. */
export type FeedEntry = ChangedEntry | DeletedEntry | DueEntry;

/** An entry with its position in the log. */
export interface LoggedEntry {
  readonly epoch: number;
  readonly sequence: number;
  readonly entry: FeedEntry;
}

/** The entries of one read, or a part of them. The key in the store is the number of the last entry. */
interface LogSegment {
  readonly epoch: number;
  readonly first: number;
  readonly atMs: number;
  readonly entries: readonly (FeedEntry | ForgottenEntry)[];
}

/** An entry whose row was forgotten. It keeps its place, because positions count entries. */
interface ForgottenEntry {
  readonly kind: 'forgotten';
  readonly id: '';
  readonly atMs: number;
}

const isDeletedEntry = objectOf({ id: isText, atMs: isNumber });
const hasRow = objectOf({ version: isVersion, createdMs: isNumber, modifiedMs: isNumber, row: isJsonObject });
const hasColumns = objectOf({ changedColumns: listOf(isText), uncertainColumns: listOf(isText) });
const isEntry: JsonShape = (value) => {
  if (!isJsonObject(value) || !isDeletedEntry(value)) return false;
  if (value.kind === 'deleted' || value.kind === 'forgotten') return true;
  return (
    hasRow(value) &&
    (value.kind === 'due' ? isText(value.column) : value.kind === 'changed' && hasColumns(value))
  );
};
const isSegment = objectOf({ epoch: isNumber, first: isNumber, atMs: isNumber, entries: listOf(isEntry) });

/** Whether a value is a segment whose last entry has this number. */
function isSegmentUpTo(json: unknown, last: number): boolean {
  return isSegment(json) && (json as LogSegment).first + (json as LogSegment).entries.length - 1 === last;
}

/** Entries per stored value: a subscription reads whole values. */
const maxSegmentEntries = 100;

export const defaultRetention: Retention = { maxAgeMs: 7 * 24 * 3_600_000, maxEntries: 100_000 };

/** Appends entries after those of the head, and returns the number of the last one. */
export function appendToLog(
  { key }: Feed,
  buffer: WriteBuffer,
  { epoch, sequence }: Pick<FeedHead, 'epoch' | 'sequence'>,
  { atMs, entries }: { readonly atMs: number; readonly entries: readonly FeedEntry[] },
): number {
  for (let start = 0; start < entries.length; start += maxSegmentEntries) {
    const part = entries.slice(start, start + maxSegmentEntries);
    const segment: LogSegment = { epoch, first: sequence + start + 1, atMs, entries: part };
    buffer.set(`${logPrefix(key)}${padded(sequence + start + part.length)}`, JSON.stringify(segment));
  }
  return sequence + entries.length;
}

/** Entries of the log. `isMissing`: the next one, up to the head, is not in the log any more. */
export interface LogPart {
  readonly entries: readonly LoggedEntry[];
  /** The number up to which the log was read. */
  readonly readTo: number;
  readonly hasMore: boolean;
  readonly isMissing: boolean;
}

/** Reads up to `maxEntries` entries after `sequence`; `head` is the number of the last entry that there must be. */
export async function readLog(
  feed: Feed,
  sequence: number,
  { maxEntries, head }: { readonly maxEntries: number; readonly head: number },
): Promise<LogPart> {
  const entries: LoggedEntry[] = [];
  let readTo = sequence;
  for (;;) {
    const segments = await listSegments(feed, readTo);
    for (const { epoch, first, entries: part } of segments) {
      if (first > readTo + 1) return { entries, readTo, hasMore: true, isMissing: true };
      for (const [index, entry] of part.entries()) {
        if (first + index <= sequence) continue;
        if (entries.length >= maxEntries) return { entries, readTo, hasMore: true, isMissing: false };
        readTo = first + index;
        if (entry.kind !== 'forgotten') entries.push({ epoch, sequence: readTo, entry });
      }
    }
    if (segments.length < segmentsPerRead) {
      const hasMore = readTo < head;
      return { entries, readTo, hasMore, isMissing: hasMore };
    }
  }
}

const segmentsPerRead = 50;

async function listSegments({ key, services }: Feed, after: number): Promise<readonly LogSegment[]> {
  const prefix = logPrefix(key);
  const range = { after: `${prefix}${padded(after)}`, maxCount: segmentsPerRead };
  const stored = await services.store.list(prefix, range);
  return stored.map((entry) => {
    // The key has the number of the last entry.
    const last = Number(entry.key.slice(prefix.length));
    return parseStoredJson<LogSegment>(entry.key, entry.value, (json) => isSegmentUpTo(json, last));
  });
}

/** Removes the oldest entries, and returns the number up to which there are none. */
export async function pruneLog(
  feed: Feed,
  buffer: WriteBuffer,
  {
    prunedThrough,
    sequence,
    nowMs,
    maxAgeMs,
    maxEntries,
  }: Retention & { readonly prunedThrough: number; readonly sequence: number; readonly nowMs: number },
): Promise<number> {
  let pruned = prunedThrough;
  for (;;) {
    const segments = await listSegments(feed, pruned);
    for (const { first, atMs, entries } of segments) {
      const last = first + entries.length - 1;
      if (atMs >= nowMs - maxAgeMs && last > sequence - maxEntries) return pruned;
      buffer.delete(`${logPrefix(feed.key)}${padded(last)}`);
      pruned = last;
    }
    if (segments.length < segmentsPerRead) return pruned;
  }
}

/** Removes all entries up to `sequence`, for a host whose only subscription has returned them. */
export async function trimLog(
  { key, store }: { readonly key: string; readonly store: Feed['services']['store'] },
  sequence: number,
): Promise<void> {
  const prefix = logPrefix(key);
  for (const stored of await store.keys(prefix)) {
    if (stored <= `${prefix}${padded(sequence)}`) await store.delete(stored);
  }
}

function logPrefix(key: string): string {
  return `${key}log/`;
}

/** Digits of the same length, so that keys sort like numbers. */
function padded(sequence: number): string {
  return String(sequence).padStart(16, '0');
}

/** A stored segment without a row, and without its name in rows that refer to it. Another value is returned unchanged. */
export function forgetInSegment(stored: Json, id: string): Json {
  if (!isSegment(stored)) return stored;
  const { entries, ...segment } = stored as unknown as LogSegment;
  const kept = entries.map((entry) => {
    if (entry.id.toLowerCase() === id)
      return { kind: 'forgotten', id: '', atMs: entry.atMs } satisfies ForgottenEntry;
    return 'row' in entry ? { ...entry, row: withoutNameOf(entry.row, id) } : entry;
  });
  return { ...segment, entries: kept } as unknown as Json;
}
