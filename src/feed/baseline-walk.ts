import { maxPageSize } from '../odata/limits.ts';
import type { BaselineState, BaselineWalk } from './baseline-state.ts';
import { addBaseline } from './column-fingerprints.ts';
import { type Cursor, mayBeUnread } from './cursor.ts';
import type { FeedRead } from './feed-read.ts';
import { undefinedIfRejected } from './follow-delta-link.ts';
import { readPageFacts } from './row-facts.ts';
import type { PollPage, TakeRows, WireRow } from './row-reader-port.ts';
import { unreadRow } from './row-records.ts';

/** The state after a part of a walk. */
export interface BaselineBatch {
  readonly baseline: BaselineState;
  readonly hasMore: boolean;
}

/**
 * Records the values of watched columns for every row, so that the first change of a row that is older than the trigger
 * is known as one. It continues from read to read, within the limits. Reads of changed rows start before the walk: a row
 * that changes before the walk meets it is reported as uncertain. A column that is watched later is walked by itself.
 *
 * @param cursor The position of the read of changes.
 */
export async function walkBaseline(read: FeedRead, cursor: Cursor | undefined): Promise<BaselineBatch> {
  const { columns, walk } = read.head.baseline;
  const missing = read.needs.columns.filter((column) => !columns.includes(column));
  if (walk === undefined && missing.length === 0) return { baseline: { columns }, hasMore: false };
  const next = await continueWalk(walk ?? { columns: missing, done: 0 }, read, cursor);
  if (next !== undefined) return { baseline: { columns, walk: next }, hasMore: true };
  const done = [...columns, ...(walk?.columns ?? missing)];
  return {
    baseline: { columns: done },
    hasMore: read.needs.columns.some((column) => !done.includes(column)),
  };
}

/** Reads at least one page; returns where the walk continues, or undefined at its end. */
async function continueWalk(
  walk: BaselineWalk,
  read: FeedRead,
  cursor: Cursor | undefined,
): Promise<BaselineWalk | undefined> {
  const { reader } = read.feed;
  let { done, total } = walk;
  let taken: WireRow[] = [];
  const record = async () => {
    read.budget.spend(taken.length);
    await recordRows(taken, { columns: walk.columns, cursor }, read);
    done += taken.length;
    taken = [];
  };
  const take = async (rows: readonly WireRow[]) => {
    for (const row of rows) taken.push(row);
    if (taken.length >= rowsPerRecord) await record();
  };
  for (let link = walk.page; ; ) {
    const page = await (link === undefined
      ? firstPage(walk, read, take)
      : undefinedIfRejected(reader.next(link, take)));
    // The link has expired: the walk starts again.
    if (page === undefined) return { columns: walk.columns, done: 0 };
    await take(page.rows);
    await record();
    if (page.nextLink === undefined) return undefined;
    total ??= await reader.countRows();
    if (read.budget.isExhausted()) return { columns: walk.columns, page: page.nextLink, done, total };
    link = page.nextLink;
  }
}

/** Rows whose records are loaded together: one query of the store, and no page in memory. */
const rowsPerRecord = 1000;

function firstPage({ columns }: BaselineWalk, { feed }: FeedRead, take: TakeRows): Promise<PollPage> {
  const { reader, table } = feed;
  const select = [table.key, 'createdon', 'modifiedon', ...columns];
  return reader.read({ select, orderBy: `${table.key} asc`, pageSize: maxPageSize }, take);
}

async function recordRows(
  rows: readonly WireRow[],
  { columns, cursor }: { readonly columns: readonly string[]; readonly cursor: Cursor | undefined },
  { feed, records, deadLetters }: FeedRead,
): Promise<void> {
  const found = await readPageFacts(rows, feed.table.key, (row) => deadLetters.add(row));
  await records.load(found.map(({ id }) => id));
  for (const facts of found) {
    const { id, version, row } = facts;
    const before = records.get(id);
    const isUnread = version > (before ?? unreadRow).version && mayBeUnread(cursor, facts);
    const after = addBaseline(before, { row, columns }, isUnread);
    if (after !== before) records.set(id, after);
  }
}
