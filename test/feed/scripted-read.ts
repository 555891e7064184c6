import type { FeedNeeds } from '../../src/feed/feed.ts';
import { createHead, type FeedHead } from '../../src/feed/feed-head.ts';
import type { ChangedEntry } from '../../src/feed/feed-log.ts';
import type { FeedRead } from '../../src/feed/feed-read.ts';
import { startPollBudget } from '../../src/feed/poll-budget.ts';
import type { PollPage, RowQuery, RowReader, TakeRows, WireRow } from '../../src/feed/row-reader-port.ts';
import { RowRecords } from '../../src/feed/row-records.ts';
import { withServerTime } from '../../src/feed/server-time.ts';
import { standardStrategy } from '../../src/feed/strategy.ts';
import { WriteBuffer } from '../../src/feed/write-buffer.ts';
import { contextOf, feedKey } from './fixtures.ts';

export const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const start = Date.UTC(2026, 0, 1);
export const iso = (ms: number) => new Date(ms).toISOString();
/** A row with this number as its version. */
export const rowOf = (n: number, part: WireRow = {}): WireRow => ({
  incidentid: idOf(n),
  versionnumber: n,
  createdon: iso(start - 1_000),
  modifiedon: iso(start),
  title: `Case ${n}`,
  ...part,
});
/** The entry of a change of such a row. */
export const changed = (n: number, part: Partial<ChangedEntry> = {}, row: WireRow = {}): ChangedEntry => ({
  kind: 'changed',
  id: idOf(n),
  version: String(n),
  createdMs: start - 1_000,
  modifiedMs: start,
  isNew: false,
  changedColumns: [],
  uncertainColumns: [],
  atMs: start,
  row: rowOf(n, row),
  ...part,
});
/** The needs of a subscription that watches any change. */
export const needs: FeedNeeds = { changes: true, columns: [], deletions: false, due: [], logged: [] };

/** What the organization answers to one request. */
export interface Answer extends Partial<PollPage> {
  /** Rows that arrive before the page has ended. */
  readonly early?: readonly (readonly WireRow[])[];
}

/** A read whose requests are answered one after the other. */
export function openRead(
  answers: readonly (Answer | Error)[],
  {
    head = {},
    pages = 10,
    ...part
  }: { head?: Partial<FeedHead>; pages?: number; needs?: Partial<FeedNeeds> } = {},
) {
  const asked: (RowQuery | string)[] = [];
  const answer = async (question: RowQuery | string, take?: TakeRows): Promise<PollPage> => {
    asked.push(question);
    const next = answers[asked.length - 1];
    if (next instanceof Error) throw next;
    const { early = [], ...page } = next ?? {};
    for (const rows of early) await take?.(rows);
    return { rows: [], serverTimeMs: start, ...page };
  };
  const reader: RowReader = {
    read: answer,
    find: answer,
    next: answer,
    trackChanges: answer,
    follow: answer,
    countRows: async () => 42,
  };
  const feed = { key: feedKey, ...contextOf(reader), reader: withServerTime(reader) };
  const buffer = new WriteBuffer(feed.services.store);
  const dead: WireRow[] = [];
  const spent: number[] = [];
  const limits = startPollBudget({ pages }, { now: () => 0 });
  const spend = (rows: number) => {
    spent.push(rows);
    limits.spend(rows);
  };
  const read = {
    feed,
    head: { ...createHead('a'), ...head },
    needs: { ...needs, ...part.needs },
    strategy: standardStrategy,
    overlapMs: 600_000,
    budget: { ...limits, spend },
    records: new RowRecords(feed, buffer),
    recorded: [],
    deadLetters: { add: async (row: WireRow) => void dead.push(row) },
    buffer,
  } as unknown as FeedRead;
  const recordOf = async (n: number) => {
    await read.records.load([idOf(n)]);
    return read.records.get(idOf(n));
  };
  return { asked, read, dead, spent, recordOf };
}
