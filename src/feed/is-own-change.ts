import { fingerprintOf } from '../run/column-fingerprint.ts';
import type { RememberedWrite } from '../run/own-writes/remembered-write.ts';
import { findFingerprint } from '../run/own-writes/written-fingerprints.ts';
import type { ChangedEntry } from './feed-log.ts';

/** What a change is compared with. */
export interface OwnChangeContext {
  /** Wire names of the compared columns. */
  readonly columns: readonly string[];
  /** Our writes to the row, newest version first. */
  readonly writes: readonly RememberedWrite[];
  readonly userId: string;
}

/**
 * Whether a change of a row is only our own: since the version that the feed read before, we wrote the row, its present
 * version is ours or we changed it last, and every compared column that changed, or may have, has the value that we
 * wrote. So a change by another user before or after our write is reported, also with our account.
 */
export function isOwnChange(entry: ChangedEntry, { columns, writes, userId }: OwnChangeContext): boolean {
  const { version, previousVersion = '0', row, isNew, changedColumns, uncertainColumns } = entry;
  const since = writes.filter(
    (write) => write.version > BigInt(previousVersion) && write.version <= BigInt(version),
  );
  const present = since.find((write) => write.version === BigInt(version));
  if (since.length === 0 || (present === undefined && entry.modifiedBy !== userId)) return false;
  if (isNew && present?.isCreate === true) return true;
  return [...changedColumns, ...uncertainColumns]
    .filter((column) => columns.includes(column))
    .every((column) => lastFingerprint(since, column) === fingerprintOf(row, column));
}

/** The fingerprint of the value that we wrote last. A create writes all columns: those that it left empty, too. */
function lastFingerprint(writes: readonly RememberedWrite[], column: string): string | undefined {
  for (const { isCreate, fingerprints } of writes) {
    const written = findFingerprint(fingerprints, column);
    if (written !== undefined || isCreate) return written ?? fingerprintOf({}, column);
  }
  return undefined;
}
