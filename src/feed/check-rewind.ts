import type { PresentRows } from './compare-recent.ts';
import type { Cursor } from './cursor.ts';
import type { FeedHead } from './feed-head.ts';
import type { FeedRead } from './feed-read.ts';
import { findRowsById } from './find-existing.ts';
import { type InitialPosition, readInitialPosition, readNewestUpTo } from './initial-cursor.ts';
import type { ChangeBatch } from './read-changes.ts';
import { type DeletionBatch, restartKeyScan } from './read-deletions.ts';
import {
  addRecentRows,
  loadRecentRows,
  maxRecentRows,
  type RecentRows,
  saveRecentRows,
  toRecentRow,
} from './recent-rows.ts';

/** What this read has found. */
interface ReadSoFar {
  readonly cursor: Cursor;
  readonly deletions: DeletionBatch;
  readonly outdated: ChangeBatch['outdated'];
}

/**
 * Finds out whether the organization was restored from a backup: then rows have lower versions than before, and a feed
 * that waits for higher versions would wait for a long time. It reads the rows that the feed remembers again, and those
 * that have the highest versions now. Proof is read twice, since a replica can lag. Rows that are missing may be deleted
 * or undone: then the time since the last check is read again, which repeats nothing, and deletions are looked for.
 *
 * @returns what changes in the head
 */
export async function checkRewind(read: FeedRead, now: ReadSoFar): Promise<Partial<FeedHead>> {
  const { feed, head, buffer, strategy, needs } = read;
  if (head.rewind !== undefined) return {};
  const stored = await loadRecentRows(feed, buffer);
  const recent = addOutdated(addRecentRows(stored, { recorded: read.recorded, deletedIds: [] }), now);
  const present = await readPresent(read, recent, now);
  const comparison = strategy.compareRecent(recent, present);
  if (comparison === 'same') return {};
  const isRewound =
    comparison === 'restored' &&
    strategy.compareRecent(recent, await readPresent(read, recent, now)) === 'restored';
  const initial = await readInitialPosition(feed, read.overlapMs);
  const forgotten = isRewound
    ? { ...initial.newest, rows: [], deletedIds: [] }
    : { ...recent, rows: [], deletedIds: [...missingIds(recent, present), ...recent.deletedIds] };
  const { rows: recorded } = initial.newest;
  saveRecentRows(feed, buffer, addRecentRows(forgotten, { recorded, deletedIds: [] }));
  if (needs.deletions && (isRewound || now.deletions.areTracked)) await restartKeyScan(read);
  const restarted = { cursor: restartCursor(read, initial), highestVersion: initial.highestVersion };
  if (!isRewound) return restarted;
  feed.services.log({ level: 'warn', event: 'feed.rewound', fields: { table: feed.table.name } });
  return { ...restarted, epoch: head.epoch + 1, rewind: { done: 0 } };
}

function missingIds({ rows }: RecentRows, { byId }: PresentRows): readonly string[] {
  return rows.filter(({ id }) => !byId.has(id)).map(({ id }) => id);
}

function addOutdated({ rows, ...rest }: RecentRows, { outdated }: ReadSoFar): RecentRows {
  return { ...rest, rows: [...rows, ...outdated.slice(0, maxRecentRows)] };
}

async function readPresent(
  { feed }: FeedRead,
  { rows, deletedIds }: RecentRows,
  { cursor, deletions }: ReadSoFar,
): Promise<PresentRows> {
  const { version, watermark, readFromMs } = cursor;
  const ids = [...rows.map(({ id }) => id), ...deletedIds];
  const present = (await findRowsById(feed, ids, [])).map(toRecentRow);
  const isUsingVersions = watermark !== undefined;
  return {
    byId: new Map(present.map((row) => [row.id, row])),
    newest: version === undefined ? [] : await readNewestUpTo(feed, version),
    isRead: (row) =>
      isUsingVersions ? version !== undefined && row.version <= version : row.lastMs < readFromMs,
    deleted: new Set(deletions.areTracked ? deletions.entries.map(({ id }) => id) : []),
  };
}

/** A window over times from the last check on. Once it is one overlap old, it reads the versions that were unread before. */
function restartCursor({ head, overlapMs }: FeedRead, { cursor }: InitialPosition): Cursor {
  const unreadMs = head.cursor?.readFromMs ?? cursor.readFromMs;
  const readFromMs = Math.min(cursor.readFromMs, head.checkedAtMs - overlapMs, unreadMs);
  const newSinceMs = Math.min(head.cursor?.newSinceMs ?? readFromMs, readFromMs);
  const { watermark } = cursor;
  if (watermark === undefined) return { readFromMs, newSinceMs };
  const unread = head.cursor?.version ?? head.cursor?.watermark?.version ?? watermark.version;
  const version = unread < watermark.version ? unread : watermark.version;
  return { readFromMs, newSinceMs, watermark: { ...watermark, version } };
}
