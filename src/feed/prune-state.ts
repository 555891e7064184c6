import type { Checkpoint } from '../model/plan.ts';
import type { StateStore } from '../model/runtime-services.ts';
import type { Cursor } from './cursor.ts';
import { type FeedHead, loadHead } from './feed-head.ts';
import { trimLog } from './feed-log.ts';
import { parseRecord, type RowRecord, recordPrefix } from './row-records.ts';

/**
 * Deletes what a host does not need that has a store of its own for each trigger, and that only ever polls again with
 * the checkpoint that it saved last: entries of the log whose items it has got, and records of rows that no read can
 * return again as new. Records with the values of watched columns stay.
 *
 * @param store The store that the trigger was polled with.
 * @param checkpoint The checkpoint that the host is about to save.
 */
export async function pruneState(store: StateStore, { feedKey, offset }: Checkpoint): Promise<void> {
  const key = String(feedKey);
  await trimLog({ key, store }, Number(offset));
  const { head } = await loadHead({ key, store });
  if (head !== undefined && head.needs.columns.length === 0) await pruneRecords({ key, store }, head);
}

async function pruneRecords(
  { key, store }: { readonly key: string; readonly store: StateStore },
  { cursor }: FeedHead,
): Promise<void> {
  if (cursor === undefined) return;
  const stored = await store.getMany(await store.keys(recordPrefix(key)));
  for (const [recordKey, { value }] of stored) {
    if (!isNeeded(parseRecord(recordKey, value), cursor)) await store.delete(recordKey);
  }
}

/** Rows that the window can return again, and recent rows that would count as new without their record. */
function isNeeded({ lastMs, version }: RowRecord, cursor: Cursor): boolean {
  const low = cursor.version ?? cursor.watermark?.version;
  return lastMs >= cursor.newSinceMs || (low !== undefined && version > low);
}
