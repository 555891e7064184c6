import { lastChangeMs, type RowFacts } from './row-facts.ts';

/**
 * The position of a feed in the changes of its table. All times are the organization's, in milliseconds.
 *
 * A change gets its time and version when its transaction writes, and is visible when the transaction commits, up to
 * two minutes later. Therefore the cursor stays one overlap behind the last read, and the records of the rows say what
 * of the overlap was read before.
 */
export interface Cursor {
  /** Every change before this time was read. */
  readonly readFromMs: number;
  /**
   * An unknown row that was created after this time is new. It is the `readFromMs` of the read before: a late commit can
   * move a row behind a read, and only the next read finds it.
   */
  readonly newSinceMs: number;
  /** Every version up to this one was read. If present, the window is over versions, not times. */
  readonly version?: bigint;
  /** A newer version that replaces `version` once it is one overlap old. Absent if the organization cannot filter on versions. */
  readonly watermark?: Watermark;
  /** A read of the window that a limit interrupted. */
  readonly windowRead?: { readonly startedMs: number; readonly at: bigint };
}

/** The highest version that was visible at a time. */
export interface Watermark {
  readonly version: bigint;
  readonly atMs: number;
}

/** The query of a window. */
export interface WindowQuery {
  readonly filter: string;
  readonly orderBy: string;
}

/** A completed read of a window. */
export interface CompletedRead {
  /** The times of the first and the last page. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** The highest version of its rows. */
  readonly highest: bigint;
}

/** The position at which the next read starts: a version, or milliseconds. */
export function startPosition(cursor: Cursor): bigint {
  return cursor.windowRead?.at ?? cursor.version ?? BigInt(cursor.readFromMs);
}

/** The position of a row in the order of the window. */
export function rowPosition(cursor: Cursor, facts: RowFacts): bigint {
  return cursor.version === undefined ? BigInt(facts.modifiedMs) : facts.version;
}

/**
 * The query of the window from a position on. Times have second precision and are often equal, so the query includes
 * equal times; versions are unique, so it includes later ones only.
 */
export function windowQuery(cursor: Cursor, at: bigint, key: string): WindowQuery {
  if (cursor.version !== undefined) return { filter: `versionnumber gt ${at}`, orderBy: 'versionnumber asc' };
  return { filter: `modifiedon ge ${formatSeconds(Number(at))}`, orderBy: `modifiedon asc,${key} asc` };
}

/**
 * The cursor after a completed read. Every transaction that was open one overlap before the read started has ended, so
 * the read includes all changes up to that time.
 */
export function advanceCursor(cursor: Cursor, read: CompletedRead, overlapMs: number): Cursor {
  const readFromMs = Math.max(cursor.readFromMs, read.startedMs - overlapMs);
  const { version, watermark } = cursor;
  const base = { readFromMs, newSinceMs: cursor.readFromMs };
  if (watermark === undefined) return base;
  if (read.startedMs - watermark.atMs < overlapMs) return { ...base, watermark, version };
  const highest = read.highest > watermark.version ? read.highest : watermark.version;
  return { ...base, version: watermark.version, watermark: { version: highest, atMs: read.endedMs } };
}

/**
 * The cursor after a wake, which read the newest versions only: it stays. What is committed late has a lower version, and
 * the next read of the window finds it.
 */
export function keepCursor(cursor: Cursor, _read: Pick<CompletedRead, 'highest' | 'endedMs'>): Cursor {
  return cursor;
}

/** Whether a row may have changed after what was read up to this position. */
export function mayBeUnread(cursor: Cursor | undefined, facts: RowFacts): boolean {
  if (cursor === undefined) return true;
  const version = cursor.version ?? cursor.watermark?.version;
  return version === undefined ? lastChangeMs(facts) >= cursor.readFromMs : facts.version > version;
}

/** A time for a filter, in whole seconds. */
export function formatSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
