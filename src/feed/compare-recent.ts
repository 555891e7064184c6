import { maxRecentRows, type RecentRow, type RecentRows } from './recent-rows.ts';

/** The rows that the organization has now, beside those that a feed remembers. */
export interface PresentRows {
  /** Those of the remembered ones that are there. */
  readonly byId: ReadonlyMap<string, RecentRow>;
  /** The rows with the highest versions, of those whose every change up to now was read. */
  readonly newest: readonly RecentRow[];
  /** Whether every change of a row up to this one was read. */
  readonly isRead: (row: RecentRow) => boolean;
  /** Rows that are missing because Dataverse has reported their deletion. */
  readonly deleted: ReadonlySet<string>;
}

/**
 * How the remembered rows compare with the present ones. Signs of a restore, since the version of a row never falls, and
 * a version is given once: a row has a lower version, or the same one with another time; a row has a version that was
 * read for sure, but not of this row; a deleted row is there, and its creation was not read; or many rows are missing at
 * once. Single missing rows can also be deleted ones.
 */
export function compareRecent(
  { rows, completeFrom, deletedIds }: RecentRows,
  { byId, newest, isRead, deleted }: PresentRows,
): 'same' | 'restored' | 'missing' {
  const known = new Map(rows.map((row) => [row.id, row]));
  const isOther = (row: RecentRow) => {
    const present = byId.get(row.id);
    if (present === undefined || isSame(present, row)) return false;
    return present.version <= row.version || (present.version >= completeFrom && isRead(present));
  };
  const isUnread = (row: RecentRow) => row.version >= completeFrom && !isSame(row, known.get(row.id));
  const isBack = (id: string) => {
    const present = byId.get(id);
    return present !== undefined && isRead(present);
  };
  if (rows.some(isOther) || newest.some(isUnread) || deletedIds.some(isBack)) return 'restored';
  const missing = rows.filter(({ id }) => !byId.has(id) && !deleted.has(id)).length;
  if (missing >= maxRecentRows) return 'restored';
  return missing > 0 ? 'missing' : 'same';
}

function isSame({ version, lastMs }: RecentRow, other: RecentRow | undefined): boolean {
  return version === other?.version && lastMs === other.lastMs;
}
