import type { ChangeType } from '../model/definition.ts';
import type { Cursor } from './cursor.ts';
import type { ChangedEntry } from './feed-log.ts';
import type { RowFacts } from './row-facts.ts';
import { isUnreadRecord, type RowRecord } from './row-records.ts';

/**
 * Whether a row version that was not read before is that of a new row: the feed has no record of the row, and it was
 * created after `newSinceMs`. The missing record alone is not sufficient: rows older than the feed have none. A new row
 * with a back-dated `createdon` does not count as new.
 */
export function isNewRow(facts: RowFacts, cursor: Cursor, record: RowRecord | undefined): boolean {
  const isUnread = record === undefined || isUnreadRecord(record);
  return isUnread && facts.createdMs >= cursor.newSinceMs;
}

/**
 * The kind of change as which a subscription reports an entry; undefined if it does not watch that. A new row that was
 * changed before the feed read it counts as created and as updated: a subscription that watches only updates would
 * lose the change otherwise. One that watches both gets one item.
 */
export function changeOf(
  { isNew, createdMs, modifiedMs }: Pick<ChangedEntry, 'isNew' | 'createdMs' | 'modifiedMs'>,
  changes: readonly ChangeType[],
): 'created' | 'updated' | undefined {
  if (isNew && changes.includes('created')) return 'created';
  const isUpdated = !isNew || modifiedMs !== createdMs;
  return isUpdated && changes.includes('updated') ? 'updated' : undefined;
}

/** Whether a watched column of an entry has changed, or may have. No watched column: any change counts. */
export function columnChangeOf(
  { isNew, changedColumns, uncertainColumns }: ChangedEntry,
  watched: readonly string[],
): 'changed' | 'uncertain' | 'same' {
  // A new row has no earlier values to compare with.
  if (isNew || watched.length === 0 || watched.some((column) => changedColumns.includes(column)))
    return 'changed';
  return watched.some((column) => uncertainColumns.includes(column)) ? 'uncertain' : 'same';
}
