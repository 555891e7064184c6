import type { RowFacts } from './row-facts.ts';

/**
 * Where a trigger stands among the changes of its table. All times are the organization's, in milliseconds.
 *
 * A change gets its time and version when its transaction writes, and is seen when that commits, up to two
 * minutes later. So the place trails behind what was read by an overlap, and the ledger knows what of it was
 * reported.
 */
export interface Cursor {
  /** Every change before this was seen. */
  readonly readFromMs: number;
  /**
   * A row created since then and not known is a new one. It trails one read behind the floor: a late commit
   * can move a row to where a read has passed already, and only the next one finds it.
   */
  readonly newSinceMs: number;
  /** Every version up to this one was seen. Present: the window is over versions, not times. */
  readonly version?: bigint;
  /** A younger version, to take over once it is one overlap old. Absent: no filter on versions here. */
  readonly watermark?: Watermark;
  /** A read of the window that a limit interrupted. */
  readonly windowRead?: { readonly startedMs: number; readonly at: bigint };
  /** Of a trigger on deadlines. */
  readonly deadlines?: Deadlines;
}

/** Which deadlines are this trigger's: those after it began. Every one up to `throughMs` was looked at. */
export interface Deadlines {
  readonly sinceMs: number;
  readonly throughMs: number;
}

/** The highest version that was visible at a time. */
export interface Watermark {
  readonly version: bigint;
  readonly atMs: number;
}

/** What a window asks for. */
export interface WindowQuery {
  readonly filter: string;
  readonly orderBy: string;
}

/** A read of a window. */
export interface CompletedRead {
  /** Time of its first page, and of its last. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** The highest version in it. */
  readonly highest: bigint;
}

/** Where the next read begins: a version, or milliseconds. */
export function startPosition(cursor: Cursor): bigint {
  return cursor.windowRead?.at ?? cursor.version ?? BigInt(cursor.readFromMs);
}

/** Where a row stands in the order of the window. */
export function rowPosition(cursor: Cursor, facts: RowFacts): bigint {
  return cursor.version === undefined ? BigInt(facts.modifiedMs) : facts.version;
}

/**
 * The window from a position on. Times are equal often and have second precision, so they are read from "the
 * same or later"; versions are unique, so "later" will do.
 */
export function windowQuery(cursor: Cursor, at: bigint, key: string): WindowQuery {
  if (cursor.version !== undefined) return { filter: `versionnumber gt ${at}`, orderBy: 'versionnumber asc' };
  return { filter: `modifiedon ge ${formatSeconds(Number(at))}`, orderBy: `modifiedon asc,${key} asc` };
}

/**
 * The place after a finished read. What was visible one overlap before the read began is settled: whatever
 * was under way then has ended, and was in this read.
 */
export function advanceCursor(cursor: Cursor, read: CompletedRead, overlapMs: number): Cursor {
  const readFromMs = Math.max(cursor.readFromMs, read.startedMs - overlapMs);
  const { version, watermark, deadlines } = cursor;
  const base = { readFromMs, newSinceMs: cursor.readFromMs, ...(deadlines && { deadlines }) };
  if (watermark === undefined) return base;
  if (read.startedMs - watermark.atMs < overlapMs) {
    return { ...base, watermark, ...(version === undefined ? {} : { version }) };
  }
  const highest = read.highest > watermark.version ? read.highest : watermark.version;
  return { ...base, version: watermark.version, watermark: { version: highest, atMs: read.endedMs } };
}

/** A time as it stands in a filter. */
export function formatSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
