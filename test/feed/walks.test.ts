import { expect } from 'chai';
import { walkBaseline } from '../../src/feed/baseline-walk.ts';
import type { FeedNeeds } from '../../src/feed/feed.ts';
import { createHead, type FeedHead } from '../../src/feed/feed-head.ts';
import type { FeedRead } from '../../src/feed/feed-read.ts';
import { startPollBudget } from '../../src/feed/poll-budget.ts';
import { readChanges, recordWindow } from '../../src/feed/read-changes.ts';
import { readDeadlines } from '../../src/feed/read-deadlines.ts';
import { readFeed } from '../../src/feed/read-feed.ts';
import { readWindow } from '../../src/feed/read-window.ts';
import { reconcile } from '../../src/feed/reconcile.ts';
import { ReportedDeadlines } from '../../src/feed/reported-deadlines.ts';
import type { PollPage, RowQuery, RowReader, TakeRows, WireRow } from '../../src/feed/row-reader-port.ts';
import { RowRecords, unreadRow } from '../../src/feed/row-records.ts';
import { withServerTime } from '../../src/feed/server-time.ts';
import { standardStrategy } from '../../src/feed/strategy.ts';
import { WriteBuffer } from '../../src/feed/write-buffer.ts';
import { fingerprintOf } from '../../src/run/column-fingerprint.ts';
import { contextOf, feedKey } from './fixtures.ts';
import { requestError } from './simulated-org.ts';

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const start = Date.UTC(2026, 0, 1);
const iso = (ms: number) => new Date(ms).toISOString();
const rowOf = (n: number, part: WireRow = {}): WireRow => ({
  incidentid: idOf(n),
  versionnumber: n,
  createdon: iso(start - 1_000),
  modifiedon: iso(start),
  title: `Case ${n}`,
  ...part,
});
const needs: FeedNeeds = { changes: true, columns: [], deletions: false, due: [], logged: [] };

interface Answer extends Partial<PollPage> {
  /** Rows that arrive before the page has ended. */
  readonly early?: readonly (readonly WireRow[])[];
}

/** A read whose requests are answered one after the other. */
function open(
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

describe('feed: the walk over all rows for a watched column', () => {
  const cursor = { readFromMs: start - 5_000, newSinceMs: start - 5_000 };
  const title = { needs: { columns: ['title'] } };
  const fingerprints = { title: fingerprintOf(rowOf(1), 'title') };

  it('asks for nothing if the values of all watched columns are known', async () => {
    const { read, asked } = open([], { ...title, head: { baseline: { columns: ['title', 'other'] } } });
    expect(await walkBaseline(read, cursor)).to.deep.equal({
      baseline: { columns: ['title', 'other'] },
      hasMore: false,
    });
    expect(asked).to.deep.equal([]);
  });

  it('reads the columns that are missing, in the order of the key, and records their values', async () => {
    const { read, asked, dead, spent, recordOf } = open([{ rows: [rowOf(1), { no: 'key' }] }], {
      ...title,
      head: { baseline: { columns: ['other'] } },
    });
    expect(await walkBaseline(read, cursor)).to.deep.equal({
      baseline: { columns: ['other', 'title'] },
      hasMore: false,
    });
    expect(asked).to.deep.equal([
      {
        select: ['incidentid', 'createdon', 'modifiedon', 'title'],
        orderBy: 'incidentid asc',
        pageSize: 5_000,
      },
    ]);
    expect(await recordOf(1)).to.deep.include({ version: 0n, fingerprints });
    expect([dead, spent]).to.deep.equal([[{ no: 'key' }], [2]]);
  });

  it('stops at its limit with the number of rows so far and of all, and continues from there', async () => {
    const { read } = open([{ rows: [rowOf(1), rowOf(2)], nextLink: 'b' }, {}], { ...title, pages: 1 });
    const { baseline, hasMore } = await walkBaseline(read, cursor);
    expect([baseline, hasMore]).to.deep.equal([
      { columns: [], walk: { columns: ['title'], page: 'b', done: 2, total: 42 } },
      true,
    ]);
    const walk = { columns: ['title'], page: 'b', done: 2, total: 50 };
    const next = open([{ rows: [rowOf(3)], nextLink: 'c' }], {
      ...title,
      pages: 1,
      head: { baseline: { columns: [], walk } },
    });
    expect((await walkBaseline(next.read, cursor)).baseline.walk).to.deep.equal({
      ...walk,
      page: 'c',
      done: 3,
    });
    expect(next.asked).to.deep.equal(['b']);
    const last = open([{ nextLink: 'c' }, { rows: [rowOf(4)] }], {
      ...title,
      head: { baseline: { columns: [], walk } },
    });
    expect(await walkBaseline(last.read, cursor)).to.deep.equal({
      baseline: { columns: ['title'] },
      hasMore: false,
    });
    expect(last.asked).to.deep.equal(['b', 'c']);
  });

  it('starts again if its link has expired', async () => {
    const walk = { columns: ['title'], page: 'b', done: 2, total: 50 };
    const { read } = open([requestError('0x0', 'expired', 410)], {
      ...title,
      head: { baseline: { columns: [], walk } },
    });
    expect(await walkBaseline(read, cursor)).to.deep.equal({
      baseline: { columns: [], walk: { columns: ['title'], done: 0 } },
      hasMore: true,
    });
  });

  it('ends for its own columns, and another one follows for a column that was watched meanwhile', async () => {
    const walk = { columns: ['title'], page: 'b', done: 2 };
    const { read } = open([{}], {
      needs: { columns: ['title', 'prioritycode'] },
      head: { baseline: { columns: ['other'], walk } },
    });
    expect(await walkBaseline(read, cursor)).to.deep.equal({
      baseline: { columns: ['other', 'title'] },
      hasMore: true,
    });
  });

  it('records a value as uncertain if the row may have a version that was not read', async () => {
    const unread = { readFromMs: start, newSinceMs: start };
    const read = { readFromMs: start + 1, newSinceMs: start + 1 };
    for (const [at, uncertainColumns] of [
      [unread, ['title']],
      [read, []],
    ] as const) {
      const { read: walk, recordOf } = open([{ rows: [rowOf(1)] }], title);
      await walkBaseline(walk, at);
      expect((await recordOf(1))?.uncertainColumns).to.deep.equal(uncertainColumns);
    }
    const known = open([{ rows: [rowOf(1)] }], title);
    known.read.records.set(idOf(1), { ...unreadRow, version: 1n });
    await walkBaseline(known.read, unread);
    expect(await known.recordOf(1), 'this version was read').to.deep.include({
      version: 1n,
      uncertainColumns: [],
    });
  });

  it('writes nothing for a row whose values are known', async () => {
    const { read } = open([{ rows: [rowOf(1)] }], title);
    const before = new RowRecords(read.feed, new WriteBuffer(read.feed.services.store));
    await before.load([]);
    const stored = new WriteBuffer(read.feed.services.store);
    new RowRecords(read.feed, stored).set(idOf(1), { ...unreadRow, fingerprints: { title: 'earlier' } });
    await stored.commit();
    await walkBaseline(read, cursor);
    expect(read.buffer.isEmpty).to.equal(true);
  });

  it('records rows in groups of a thousand while a page arrives', async () => {
    const rows = (from: number, count: number) => Array.from({ length: count }, (_, n) => rowOf(from + n));
    const { read, spent, recordOf } = open(
      [{ early: [rows(1, 999), rows(1_000, 1), rows(1_001, 5)], rows: rows(1_006, 2) }],
      title,
    );
    await walkBaseline(read, cursor);
    expect(spent).to.deep.equal([1_000, 7]);
    expect((await recordOf(1_007))?.fingerprints).to.have.property('title');
  });
});

describe('feed: the walk over all rows after a restore', () => {
  const rewound = { head: { rewind: { done: 0 }, startedMs: start } };
  const known = (n: number) => ({ ...unreadRow, version: BigInt(n), lastMs: start });

  it('asks for nothing without a restore', async () => {
    const { read, asked } = open([]);
    expect(await reconcile(read)).to.deep.equal({ entries: [], rewind: undefined });
    expect(asked).to.deep.equal([]);
  });

  it('reads again the rows that are not as they are recorded, and reports them', async () => {
    const early = { modifiedon: iso(start - 1) };
    const rows = [
      rowOf(1),
      rowOf(2, { versionnumber: 7 }),
      rowOf(3, { modifiedon: iso(start + 5) }),
      rowOf(4, early),
      rowOf(5),
      rowOf(6, early),
      rowOf(7, { ...early, title: 'Other' }),
      rowOf(8, early),
    ];
    const { read, asked, spent } = open([{ rows, nextLink: 'b' }, { rows }, { rows: [] }], {
      ...rewound,
      needs: { columns: ['title'] },
    });
    for (const n of [1, 2, 3]) read.records.set(idOf(n), known(n));
    read.records.set(idOf(6), { ...unreadRow, isDeleted: true });
    const fingerprints = { title: fingerprintOf(rowOf(7), 'title') };
    read.records.set(idOf(7), { ...unreadRow, fingerprints });
    read.records.set(idOf(8), { ...unreadRow, fingerprints: { title: fingerprintOf(rowOf(8), 'title') } });
    await reconcile(read);
    expect(asked[0]).to.deep.equal({
      select: ['incidentid', 'createdon', 'modifiedon', 'title'],
      orderBy: 'incidentid asc',
      pageSize: 5_000,
    });
    const again = [2, 3, 5, 6, 7].map((n) => `incidentid eq ${idOf(n)}`);
    expect((asked[1] as RowQuery).filter?.split(' or ')).to.deep.equal(again);
    expect(asked[2]).to.equal('b');
    expect(spent).to.deep.equal([8, 0]);
  });

  it('reports a row as new if it has no record, and was created since the feed started', async () => {
    const rows = [rowOf(1, { createdon: iso(start) }), rowOf(2), rowOf(3, { createdon: iso(start) })];
    const { read } = open([{ rows }, { rows }], rewound);
    read.records.set(idOf(3), known(9));
    const { entries, rewind } = await reconcile(read);
    expect(entries.map(({ id, isNew, atMs }) => [id, isNew, atMs])).to.deep.equal([
      [idOf(1), true, start],
      [idOf(2), false, start],
      [idOf(3), false, start],
    ]);
    expect(rewind).to.equal(undefined);
  });

  it('stops at its limit, continues from there, and starts again if its link has expired', async () => {
    const early = { modifiedon: iso(start - 1) };
    const stopped = open([{ rows: [rowOf(1, early), { no: 'key' }], nextLink: 'b' }], {
      ...rewound,
      pages: 1,
    });
    expect((await reconcile(stopped.read)).rewind).to.deep.equal({ page: 'b', done: 1 });
    expect(stopped.dead).to.deep.equal([{ no: 'key' }]);
    const continued = { head: { rewind: { page: 'b', done: 1 }, startedMs: start }, pages: 1 };
    const next = open([{ rows: [rowOf(2, early)], nextLink: 'c' }], continued);
    expect((await reconcile(next.read)).rewind).to.deep.equal({ page: 'c', done: 2 });
    expect(next.asked).to.deep.equal(['b']);
    const expired = open([requestError('0x0', 'expired', 410)], continued);
    expect((await reconcile(expired.read)).rewind).to.deep.equal({ done: 0 });
  });
});

describe('feed: the read of changed rows', () => {
  const cursor = { readFromMs: start, newSinceMs: start };
  const record = (version: number, lastMs: number) => ({ ...unreadRow, version: BigInt(version), lastMs });

  it('knows the version before, and the time since then, of a row that was read before', async () => {
    const { read } = open([{ rows: [rowOf(5), rowOf(6), rowOf(7)] }]);
    read.records.set(idOf(5), record(1, start - 10_000));
    read.records.set(idOf(6), unreadRow);
    const { entries } = await readChanges(read, cursor);
    expect(entries.map(({ previousVersion, sinceLastMs }) => [previousVersion, sinceLastMs])).to.deep.equal([
      ['1', 10_000],
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });

  it('finds rows that are older than their record: a lower version, or the same one at another time', async () => {
    const { read } = open([{ rows: [5, 6, 7, 8].map((n) => rowOf(n)) }]);
    const records = [record(9, start), record(6, start - 1), record(7, start), unreadRow];
    for (const [at, each] of records.entries()) read.records.set(idOf(5 + at), each);
    const { outdated } = await readChanges(read, cursor);
    expect(outdated.map(({ id }) => id)).to.deep.equal([idOf(5), idOf(6)]);
  });

  it('gets past rows that it knows, whatever its limit, and reads the window of a new feed to its end', async () => {
    const known = open([{ rows: [rowOf(5)], nextLink: 'b' }, { rows: [rowOf(6)] }], { pages: 1 });
    known.read.records.set(idOf(5), record(5, start));
    expect((await readChanges(known.read, cursor)).entries.map(({ id }) => id)).to.deep.equal([idOf(6)]);
    const fresh = open([{ rows: [rowOf(5)], nextLink: 'b' }, { rows: [rowOf(6)] }], { pages: 1 });
    expect((await recordWindow(fresh.read, cursor)).hasMore).to.equal(false);
    expect(fresh.asked.length).to.equal(2);
  });
});

describe('feed: a read beside others', () => {
  /** A feed that was read once, and whose store then lets other processes win. */
  async function openBusy() {
    const { read } = open([]);
    const { feed } = read;
    await readFeed(feed, needs);
    const counts = { lost: 0 };
    const { store } = feed.services;
    const writeMany = async () => {
      counts.lost += 1;
      return false;
    };
    return { counts, feed: { ...feed, services: { ...feed.services, store: { ...store, writeMany } } } };
  }

  it('that was faster is enough if it covers the needs', async () => {
    const { feed, counts } = await openBusy();
    const { head: _, ...result } = await readFeed(feed, needs);
    expect(result).to.deep.equal({ appended: 0, hasMore: false, entries: [] });
    expect(counts.lost).to.equal(1);
  });

  it('fails after 30 others that do not cover the needs', async () => {
    const { feed, counts } = await openBusy();
    const error: unknown = await readFeed(feed, { ...needs, due: ['followupby'] }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ code: 'STORE_FAILED' });
    expect(counts.lost).to.equal(30);
  });
});

describe('feed: a short read after a wake', () => {
  const none = { appended: 0, hasMore: false, isShort: true, entries: [] };

  it('says that it was short, and sends one request', async () => {
    const { read, asked } = open([]);
    await readFeed(read.feed, needs);
    const before = asked.length;
    const { head, ...result } = await readFeed(read.feed, needs, { wake: {} });
    expect(result).to.deep.equal(none);
    expect([head.wokenAtMs, asked.length - before]).to.deep.equal([start, 1]);
  });

  it('sends nothing for deletions without ids', async () => {
    const deletions = { ...needs, changes: false, deletions: true };
    const { read, asked } = open([{ deltaLink: 'delta' }]);
    const first = await readFeed(read.feed, deletions);
    const { head, ...result } = await readFeed(read.feed, deletions, { wake: {} });
    expect(result).to.deep.equal(none);
    expect(head.sequence).to.equal(first.head.sequence);
    expect(asked.length).to.equal(1);
  });

  it('is no short one before the first read, or for further needs', async () => {
    const { read } = open([]);
    expect((await readFeed(read.feed, needs, { wake: {} })).isShort).to.equal(undefined);
    const more = { ...needs, due: ['followupby'] };
    expect((await readFeed(read.feed, more, { wake: {} })).isShort).to.equal(undefined);
  });
});

describe('feed: the read of a window', () => {
  it('knows the highest version of all its pages', async () => {
    const { read } = open([{ rows: [rowOf(3), rowOf(9)], nextLink: 'b' }, { rows: [rowOf(5)] }]);
    const { highest } = await readWindow({
      reader: read.feed.reader,
      key: 'incidentid',
      select: [],
      start: 0n,
      query: () => ({ filter: '', orderBy: '' }),
      position: () => 0n,
      accept: async () => true,
      addDeadLetter: async () => {},
    });
    expect(highest).to.equal(9n);
  });
});

describe('feed: reported deadlines', () => {
  it('are remembered up to 50 of a row; of more, the oldest is forgotten', async () => {
    const { read } = open([]);
    const reported = new ReportedDeadlines(read.feed, { activationId: 'x', offset: 0 }, read.buffer);
    await reported.load([idOf(1)]);
    const add = (second: number) => reported.add(idOf(1), start + second * 1_000, second);
    for (let second = 1; second <= 50; second += 1) expect(add(second)).to.equal(true);
    expect(add(1), 'known').to.equal(false);
    expect(add(51)).to.equal(true);
    expect(add(2), 'known').to.equal(false);
    expect(add(1), 'forgotten').to.equal(true);
  });
});

describe('feed: deadlines that passed', () => {
  const due = (n: number, ms: number) => rowOf(n, { followupby: iso(ms) });
  const watching = (dueFromMs: Record<string, number>, columns = ['followupby']) => ({
    needs: { due: columns },
    head: { dueFromMs },
  });

  it('are read from the next second on when a column is watched for the first time', async () => {
    const { read, asked } = open([], watching({}));
    expect(await readDeadlines(read, start)).to.deep.equal({
      entries: [],
      dueFromMs: { followupby: start + 1_000 },
      hasMore: false,
    });
    expect(asked).to.deep.equal([]);
  });

  it('are read from where the last read ended to now, both included', async () => {
    const { read, asked, dead } = open(
      [{ rows: [due(1, start), { no: 'key' }] }],
      watching({ followupby: start }),
    );
    const { entries, dueFromMs, hasMore } = await readDeadlines(read, start);
    expect(entries.map(({ kind, id, column, version }) => [kind, id, column, version])).to.deep.equal([
      ['due', idOf(1), 'followupby', '1'],
    ]);
    expect([dueFromMs, hasMore]).to.deep.equal([{ followupby: start + 1_000 }, false]);
    expect((asked[0] as RowQuery).filter).to.include('followupby ge 2026-01-01T00:00:00Z');
    expect(dead).to.deep.equal([{ no: 'key' }]);
    const later = open([], watching({ followupby: start + 1 }));
    expect((await readDeadlines(later.read, start)).dueFromMs).to.deep.equal({ followupby: start + 1 });
    expect(later.asked).to.deep.equal([]);
  });

  it('stop at the limit, from which the next read continues, and other columns wait', async () => {
    const { read, asked } = open([{ rows: [due(1, start + 2_000)], nextLink: 'b' }], {
      ...watching({ followupby: start, other: start }, ['followupby', 'other']),
      pages: 1,
    });
    const { dueFromMs, hasMore } = await readDeadlines(read, start + 9_000);
    expect([dueFromMs, hasMore]).to.deep.equal([{ followupby: start + 2_000, other: start }, true]);
    expect(asked.length).to.equal(1);
  });
});
