import { isNumber, isText, isVersion, listOf, objectOf, tupleOf } from '../model/json-shape.ts';
import type { Feed } from './feed.ts';
import { parseStoredJson } from './parse-stored-json.ts';
import { lastChangeMs, type RowFacts } from './row-facts.ts';
import type { WriteBuffer } from './write-buffer.ts';

/** A row version that was read. */
export interface RecentRow {
  readonly id: string;
  readonly version: bigint;
  /** The later of created and modified, in milliseconds. */
  readonly lastMs: number;
}

/** What a feed remembers to find out later whether the organization was restored from a backup. */
export interface RecentRows {
  /** The rows with the highest versions that the feed has read and that were not deleted, highest first. */
  readonly rows: readonly RecentRow[];
  /** Every row with this version or a higher one that was read is in `rows`. */
  readonly completeFrom: bigint;
  /** The rows that were deleted last, the latest first. */
  readonly deletedIds: readonly string[];
}

/** As many ids as one request can ask for. */
export const maxRecentRows = 100;

export function toRecentRow(facts: RowFacts): RecentRow {
  return { id: facts.id, version: facts.version, lastMs: lastChangeMs(facts) };
}

/** Adds what a read has recorded. */
export function addRecentRows(
  before: RecentRows,
  {
    recorded,
    deletedIds,
  }: { readonly recorded: readonly RecentRow[]; readonly deletedIds: readonly string[] },
): RecentRows {
  const rows = new Map(before.rows.map((row) => [row.id, row]));
  for (const row of recorded) if (!isOlder(row, rows.get(row.id))) rows.set(row.id, row);
  for (const id of deletedIds) rows.delete(id);
  const present = new Set(recorded.map(({ id }) => id));
  const deleted = new Set([...deletedIds, ...before.deletedIds.filter((id) => !present.has(id))]);
  return keepHighest({ ...before, rows: [...rows.values()], deletedIds: [...deleted] });
}

function isOlder({ version }: RecentRow, than: RecentRow | undefined): boolean {
  return than !== undefined && version < than.version;
}

function keepHighest({ rows, completeFrom, deletedIds }: RecentRows): RecentRows {
  const sorted = [...rows].sort((a, b) => (a.version > b.version ? -1 : 1));
  const kept = sorted.slice(0, maxRecentRows);
  const lowest = kept.length === maxRecentRows ? kept.at(-1)?.version : undefined;
  return {
    rows: kept,
    completeFrom: lowest !== undefined && lowest > completeFrom ? lowest : completeFrom,
    deletedIds: deletedIds.slice(0, maxRecentRows),
  };
}

type StoredRow = readonly [id: string, version: string, lastMs: number];

interface StoredRecentRows {
  readonly rows: readonly StoredRow[];
  readonly completeFrom: string;
  readonly deletedIds: readonly string[];
}

const areStoredRows = objectOf({
  rows: listOf(tupleOf(isText, isVersion, isNumber)),
  completeFrom: isVersion,
  deletedIds: listOf(isText),
});

const noRows: RecentRows = { rows: [], completeFrom: 0n, deletedIds: [] };

export async function loadRecentRows(feed: Feed, buffer: WriteBuffer): Promise<RecentRows> {
  const key = recentKey(feed);
  const text = await buffer.get(key);
  if (text === undefined) return noRows;
  const { rows, completeFrom, deletedIds } = parseStoredJson<StoredRecentRows>(key, text, areStoredRows);
  return {
    rows: rows.map(([id, version, lastMs]) => ({ id, version: BigInt(version), lastMs })),
    completeFrom: BigInt(completeFrom),
    deletedIds,
  };
}

export function saveRecentRows(
  feed: Feed,
  buffer: WriteBuffer,
  { rows, completeFrom, deletedIds }: RecentRows,
): void {
  const stored: StoredRecentRows = {
    rows: rows.map(({ id, version, lastMs }) => [id, String(version), lastMs]),
    completeFrom: String(completeFrom),
    deletedIds,
  };
  buffer.set(recentKey(feed), JSON.stringify(stored));
}

function recentKey({ key }: Feed): string {
  return `${key}recent`;
}
