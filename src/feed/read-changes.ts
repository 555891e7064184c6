import { compareColumns } from './column-fingerprints.ts';
import { type Cursor, rowPosition, startPosition } from './cursor.ts';
import type { ChangedEntry, RowChange } from './feed-log.ts';
import { type FeedRead, loggedColumns } from './feed-read.ts';
import { timeSinceLast } from './loop-guard.ts';
import { readWindow, type WindowRead } from './read-window.ts';
import { type RecentRow, toRecentRow } from './recent-rows.ts';
import { lastChangeMs, type RowFacts, selectFactColumns } from './row-facts.ts';
import { isUnreadRecord, type RowRecord, unreadRow } from './row-records.ts';

/** The changes of one read, and the cursor after it. */
export interface ChangeBatch {
  readonly entries: readonly ChangedEntry[];
  readonly cursor: Cursor;
  readonly highestVersion: bigint;
  /** The organization's time of the last page. */
  readonly endedMs: number;
  /** Whether a limit stopped the read. */
  readonly hasMore: boolean;
  /** The records of rows that were older than them: the organization may have been restored. */
  readonly outdated: readonly RecentRow[];
}

/** Reads the rows of the window that changed since they were recorded, and records them. */
export async function readChanges(read: FeedRead, cursor: Cursor): Promise<ChangeBatch> {
  const { records, strategy } = read;
  const unseen = await readUnseen(read, cursor, { columns: loggedColumns(read), isBounded: true });
  const { endedMs: atMs } = unseen.window;
  const entries = [...unseen.rows].map((facts) =>
    recordChange(read, facts, { isNew: strategy.isNew(facts, cursor, records.get(facts.id)), atMs }),
  );
  return { entries, outdated: unseen.outdated, ...afterWindow(read, cursor, unseen.window) };
}

/** Reads the rows with a version above the highest one that was read. */
export async function readNewestChanges(
  read: FeedRead,
  cursor: Cursor,
): Promise<Pick<ChangeBatch, 'entries' | 'cursor' | 'highestVersion' | 'hasMore'>> {
  const { highestVersion } = read.head;
  const newest = await readChanges(read, { ...cursor, version: highestVersion, windowRead: undefined });
  const { highestVersion: highest, endedMs } = newest;
  return { ...newest, cursor: read.strategy.afterWake(cursor, { highest, endedMs }) };
}

/**
 * Records the rows of the window of a new feed, without entries. It ignores the limits: a change between two parts of
 * the read would be lost.
 */
export async function recordWindow(read: FeedRead, cursor: Cursor): Promise<ChangeBatch> {
  const { columns } = read.needs;
  const { rows, window } = await readUnseen(read, cursor, { columns, isBounded: false });
  for (const facts of rows) recordRow(read, facts);
  return { entries: [], outdated: [], ...afterWindow(read, cursor, window) };
}

/**
 * Reads the latest version of each row in the window that was not recorded before this read. A row that changes again
 * during the read counts as one change.
 */
async function readUnseen(
  { feed, records, strategy, budget, deadLetters }: FeedRead,
  cursor: Cursor,
  { columns, isBounded }: { readonly columns: readonly string[]; readonly isBounded: boolean },
) {
  const { reader, table } = feed;
  const unseen = new Map<string, RowFacts>();
  const outdated: RecentRow[] = [];
  const isUnseen = ({ id, version }: RowFacts) => {
    const known = unseen.get(id)?.version ?? records.get(id)?.version;
    return known === undefined || known < version;
  };
  const window = await readWindow({
    reader,
    key: table.key,
    select: selectFactColumns(table, columns),
    start: startPosition(cursor),
    startedMs: cursor.windowRead?.startedMs,
    query: (at) => strategy.query(cursor, at, table.key),
    position: (facts) => rowPosition(cursor, facts),
    budget: isBounded ? budget : undefined,
    async accept(page) {
      await records.load(page.map(({ id }) => id));
      const fresh = page.filter(isUnseen);
      for (const facts of page) {
        const record = records.get(facts.id);
        if (record !== undefined && isOlder(facts, record)) outdated.push({ id: facts.id, ...record });
      }
      for (const facts of fresh) {
        if (!isUnseen(facts)) continue;
        unseen.delete(facts.id);
        unseen.set(facts.id, facts);
      }
      return fresh.length > 0;
    },
    addDeadLetter: (row) => deadLetters.add(row),
  });
  return { rows: unseen.values(), window, outdated };
}

/** Whether a row has a lower version than its record, or the same one with another time: versions were given again. */
function isOlder(facts: RowFacts, record: RowRecord): boolean {
  if (isUnreadRecord(record)) return false;
  return (
    facts.version < record.version ||
    (facts.version === record.version && lastChangeMs(facts) !== record.lastMs)
  );
}

/** Records the version and the watched columns of a row, and returns how they compare with those of its record. */
function recordRow({ records, needs, recorded }: FeedRead, facts: RowFacts) {
  const { id, version, row } = facts;
  const before = records.get(id);
  const { fingerprints, changed, uncertain } = compareColumns({ row, columns: needs.columns }, before);
  records.set(id, { ...unreadRow, version, lastMs: lastChangeMs(facts), fingerprints });
  recorded.push(toRecentRow(facts));
  const isRead = before !== undefined && !isUnreadRecord(before);
  return {
    previousVersion: isRead ? String(before.version) : undefined,
    sinceLastMs: isRead ? timeSinceLast(before.lastMs, lastChangeMs(facts)) : undefined,
    changedColumns: changed,
    uncertainColumns: uncertain,
  };
}

/** Records a changed row, and returns the entry of the change. */
export function recordChange(
  read: FeedRead,
  facts: RowFacts,
  rest: Pick<ChangedEntry, 'isNew' | 'atMs'>,
): ChangedEntry {
  return toEntry(facts, { ...rest, ...recordRow(read, facts) });
}

/** An entry of the log. */
export function toEntry(
  { id, version, createdMs, modifiedMs, modifiedBy, row }: RowFacts,
  rest: RowChange,
): ChangedEntry {
  return { kind: 'changed', id, version: String(version), createdMs, modifiedMs, modifiedBy, row, ...rest };
}

function afterWindow({ strategy, overlapMs, head }: FeedRead, cursor: Cursor, window: WindowRead) {
  const { stoppedAt, startedMs, endedMs, highest } = window;
  return {
    cursor:
      stoppedAt === undefined
        ? strategy.advance(cursor, window, overlapMs)
        : { ...cursor, windowRead: { startedMs, at: stoppedAt } },
    highestVersion: highest > head.highestVersion ? highest : head.highestVersion,
    endedMs,
    hasMore: stoppedAt !== undefined,
  };
}
