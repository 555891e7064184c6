import { maxPageSize } from '../odata/limits.ts';
import { hasOtherValues } from './column-fingerprints.ts';
import type { RewindState } from './feed-head.ts';
import type { ChangedEntry } from './feed-log.ts';
import { type FeedRead, loggedColumns } from './feed-read.ts';
import { findRowsById } from './find-existing.ts';
import { undefinedIfRejected } from './follow-delta-link.ts';
import { recordChange } from './read-changes.ts';
import { lastChangeMs, type RowFacts, readPageFacts } from './row-facts.ts';
import { isUnreadRecord, type RowRecord } from './row-records.ts';

/** Entries of rows whose version is not the recorded one, and where the walk continues; undefined at its end. */
export interface ReconcileBatch {
  readonly entries: readonly ChangedEntry[];
  readonly rewind: RewindState | undefined;
}

/**
 * Walks over all rows after a restore, over as many reads as it takes: a row with another version than the recorded one
 * becomes an entry, also one that was deleted and is there again. Rows that are missing are found by reading deletions.
 */
export async function reconcile(read: FeedRead): Promise<ReconcileBatch> {
  const { feed, head, budget, deadLetters } = read;
  const { rewind } = head;
  if (rewind === undefined) return { entries: [], rewind: undefined };
  const entries: ChangedEntry[] = [];
  let { done } = rewind;
  for (let link = rewind.page; ; ) {
    const page = await (link === undefined ? firstPage(read) : undefinedIfRejected(feed.reader.next(link)));
    if (page === undefined) return { entries, rewind: { done: 0 } };
    budget.spend(page.rows.length);
    const found = await readPageFacts(page.rows, feed.table.key, (row) => deadLetters.add(row));
    entries.push(...(await readRestored(read, found)));
    done += found.length;
    if (page.nextLink === undefined) return { entries, rewind: undefined };
    if (budget.isExhausted()) return { entries, rewind: { page: page.nextLink, done } };
    link = page.nextLink;
  }
}

function firstPage({ feed, needs }: FeedRead) {
  const { reader, table } = feed;
  const select = [table.key, 'createdon', 'modifiedon', ...needs.columns];
  return reader.read({ select, orderBy: `${table.key} asc`, pageSize: maxPageSize });
}

async function readRestored(read: FeedRead, found: readonly RowFacts[]): Promise<readonly ChangedEntry[]> {
  const { feed, head, records } = read;
  await records.load(found.map(({ id }) => id));
  const startedMs = head.startedMs ?? 0;
  const isOther = (facts: RowFacts) => isRestored(facts, records.get(facts.id), startedMs);
  const rows = await findRowsById(
    feed,
    found.filter(isOther).map(({ id }) => id),
    loggedColumns(read),
  );
  return rows.map((facts) => {
    const isNew = records.get(facts.id) === undefined && facts.createdMs >= startedMs;
    return recordChange(read, facts, { isNew, atMs: feed.reader.serverTimeMs() });
  });
}

/**
 * Whether a row is not as the feed knows it. A row without a record has not changed since the feed started, or it was
 * deleted before the feed read the change, and is there again.
 */
function isRestored(facts: RowFacts, record: RowRecord | undefined, startedMs: number): boolean {
  const isChanged = lastChangeMs(facts) >= startedMs;
  if (record === undefined) return isChanged;
  if (isUnreadRecord(record)) return isChanged || record.isDeleted || hasOtherValues(facts.row, record);
  return record.version !== facts.version || record.lastMs !== lastChangeMs(facts);
}
