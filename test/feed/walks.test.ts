import { expect } from 'chai';
import { walkBaseline } from '../../src/feed/baseline-walk.ts';
import { readChanges, recordWindow } from '../../src/feed/read-changes.ts';
import { readDeadlines } from '../../src/feed/read-deadlines.ts';
import { readWindow } from '../../src/feed/read-window.ts';
import { reconcile } from '../../src/feed/reconcile.ts';
import { ReportedDeadlines } from '../../src/feed/reported-deadlines.ts';
import type { RowQuery } from '../../src/feed/row-reader-port.ts';
import { RowRecords, unreadRow } from '../../src/feed/row-records.ts';
import { WriteBuffer } from '../../src/feed/write-buffer.ts';
import { fingerprintOf } from '../../src/run/column-fingerprint.ts';
import { idOf, iso, openRead, rowOf, start } from './scripted-read.ts';
import { requestError } from './simulated-org.ts';

describe('feed: the walk over all rows for a watched column', () => {
  const cursor = { readFromMs: start - 5_000, newSinceMs: start - 5_000 };
  const title = { needs: { columns: ['title'] } };
  const fingerprints = { title: fingerprintOf(rowOf(1), 'title') };

  it('asks for nothing if the values of all watched columns are known', async () => {
    const { read, asked } = openRead([], { ...title, head: { baseline: { columns: ['title', 'other'] } } });
    expect(await walkBaseline(read, cursor)).to.deep.equal({
      baseline: { columns: ['title', 'other'] },
      hasMore: false,
    });
    expect(asked).to.deep.equal([]);
  });

  it('reads the columns that are missing, in the order of the key, and records their values', async () => {
    const { read, asked, dead, spent, recordOf } = openRead([{ rows: [rowOf(1), { no: 'key' }] }], {
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
    const { read } = openRead([{ rows: [rowOf(1), rowOf(2)], nextLink: 'b' }, {}], { ...title, pages: 1 });
    const { baseline, hasMore } = await walkBaseline(read, cursor);
    expect([baseline, hasMore]).to.deep.equal([
      { columns: [], walk: { columns: ['title'], page: 'b', done: 2, total: 42 } },
      true,
    ]);
    const walk = { columns: ['title'], page: 'b', done: 2, total: 50 };
    const next = openRead([{ rows: [rowOf(3)], nextLink: 'c' }], {
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
    const last = openRead([{ nextLink: 'c' }, { rows: [rowOf(4)] }], {
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
    const { read } = openRead([requestError('0x0', 'expired', 410)], {
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
    const { read } = openRead([{}], {
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
      const { read: walk, recordOf } = openRead([{ rows: [rowOf(1)] }], title);
      await walkBaseline(walk, at);
      expect((await recordOf(1))?.uncertainColumns).to.deep.equal(uncertainColumns);
    }
    const known = openRead([{ rows: [rowOf(1)] }], title);
    known.read.records.set(idOf(1), { ...unreadRow, version: 1n });
    await walkBaseline(known.read, unread);
    expect(await known.recordOf(1), 'this version was read').to.deep.include({
      version: 1n,
      uncertainColumns: [],
    });
  });

  it('writes nothing for a row whose values are known', async () => {
    const { read } = openRead([{ rows: [rowOf(1)] }], title);
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
    const { read, spent, recordOf } = openRead(
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
    const { read, asked } = openRead([]);
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
    const { read, asked, spent } = openRead([{ rows, nextLink: 'b' }, { rows }, { rows: [] }], {
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
    const { read } = openRead([{ rows }, { rows }], rewound);
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
    const stopped = openRead([{ rows: [rowOf(1, early), { no: 'key' }], nextLink: 'b' }], {
      ...rewound,
      pages: 1,
    });
    expect((await reconcile(stopped.read)).rewind).to.deep.equal({ page: 'b', done: 1 });
    expect(stopped.dead).to.deep.equal([{ no: 'key' }]);
    const continued = { head: { rewind: { page: 'b', done: 1 }, startedMs: start }, pages: 1 };
    const next = openRead([{ rows: [rowOf(2, early)], nextLink: 'c' }], continued);
    expect((await reconcile(next.read)).rewind).to.deep.equal({ page: 'c', done: 2 });
    expect(next.asked).to.deep.equal(['b']);
    const expired = openRead([requestError('0x0', 'expired', 410)], continued);
    expect((await reconcile(expired.read)).rewind).to.deep.equal({ done: 0 });
  });
});

describe('feed: the read of changed rows', () => {
  const cursor = { readFromMs: start, newSinceMs: start };
  const record = (version: number, lastMs: number) => ({ ...unreadRow, version: BigInt(version), lastMs });

  it('knows the version before, and the time since then, of a row that was read before', async () => {
    const { read } = openRead([{ rows: [rowOf(5), rowOf(6), rowOf(7)] }]);
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
    const { read } = openRead([{ rows: [5, 6, 7, 8].map((n) => rowOf(n)) }]);
    const records = [record(9, start), record(6, start - 1), record(7, start), unreadRow];
    for (const [at, each] of records.entries()) read.records.set(idOf(5 + at), each);
    const { outdated } = await readChanges(read, cursor);
    expect(outdated.map(({ id }) => id)).to.deep.equal([idOf(5), idOf(6)]);
  });

  it('gets past rows that it knows, whatever its limit, and reads the window of a new feed to its end', async () => {
    const known = openRead([{ rows: [rowOf(5)], nextLink: 'b' }, { rows: [rowOf(6)] }], { pages: 1 });
    known.read.records.set(idOf(5), record(5, start));
    expect((await readChanges(known.read, cursor)).entries.map(({ id }) => id)).to.deep.equal([idOf(6)]);
    const fresh = openRead([{ rows: [rowOf(5)], nextLink: 'b' }, { rows: [rowOf(6)] }], { pages: 1 });
    expect((await recordWindow(fresh.read, cursor)).hasMore).to.equal(false);
    expect(fresh.asked.length).to.equal(2);
  });
});

describe('feed: the read of a window', () => {
  it('knows the highest version of all its pages', async () => {
    const { read } = openRead([{ rows: [rowOf(3), rowOf(9)], nextLink: 'b' }, { rows: [rowOf(5)] }]);
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
    const { read } = openRead([]);
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
    const { read, asked } = openRead([], watching({}));
    expect(await readDeadlines(read, start)).to.deep.equal({
      entries: [],
      dueFromMs: { followupby: start + 1_000 },
      hasMore: false,
    });
    expect(asked).to.deep.equal([]);
  });

  it('are read from where the last read ended to now, both included', async () => {
    const { read, asked, dead } = openRead(
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
    const later = openRead([], watching({ followupby: start + 1 }));
    expect((await readDeadlines(later.read, start)).dueFromMs).to.deep.equal({ followupby: start + 1 });
    expect(later.asked).to.deep.equal([]);
  });

  it('stop at the limit, from which the next read continues, and other columns wait', async () => {
    const { read, asked } = openRead([{ rows: [due(1, start + 2_000)], nextLink: 'b' }], {
      ...watching({ followupby: start, other: start }, ['followupby', 'other']),
      pages: 1,
    });
    const { dueFromMs, hasMore } = await readDeadlines(read, start + 9_000);
    expect([dueFromMs, hasMore]).to.deep.equal([{ followupby: start + 2_000, other: start }, true]);
    expect(asked.length).to.equal(1);
  });
});
