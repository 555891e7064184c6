import { expect } from 'chai';
import { createMemoryStore } from '../../src/client/memory-store.ts';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { compareRecent } from '../../src/feed/compare-recent.ts';
import { DeadLetters } from '../../src/feed/dead-letters.ts';
import { loadDeletionState } from '../../src/feed/deletion-state.ts';
import { createHead, type FeedHead, headKey, loadHead, serializeHead } from '../../src/feed/feed-head.ts';
import {
  appendToLog,
  type ChangedEntry,
  defaultRetention,
  forgetInSegment,
  pruneLog,
  readLog,
} from '../../src/feed/feed-log.ts';
import { MatchingRows } from '../../src/feed/matching-rows.ts';
import { pruneState } from '../../src/feed/prune-state.ts';
import {
  addRecentRows,
  loadRecentRows,
  type RecentRow,
  type RecentRows,
  saveRecentRows,
} from '../../src/feed/recent-rows.ts';
import { RowRecords, unreadRow } from '../../src/feed/row-records.ts';
import { WriteBuffer } from '../../src/feed/write-buffer.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';
import { contextOf, feedKey } from './fixtures.ts';
import { SimulatedOrg } from './simulated-org.ts';

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function open() {
  const store = createMemoryStore();
  const context = contextOf(new SimulatedOrg().reader, {}, store);
  const feed = { key: feedKey, ...context };
  return { store, feed, logged: context.logged, buffer: new WriteBuffer(store) };
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'none',
    (error: ConnectorError) => error.code,
  );

const entry = (n: number, changed: Partial<ChangedEntry> = {}): ChangedEntry => ({
  kind: 'changed',
  id: idOf(n),
  version: String(n),
  createdMs: n,
  modifiedMs: n,
  isNew: false,
  changedColumns: [],
  uncertainColumns: [],
  row: { title: `Case ${n}` },
  atMs: n,
  ...changed,
});

describe('feed: its log', () => {
  /** A log with entries 101, 102 and so on, in values of up to 100. */
  async function openLog(count: number, atMs = 0) {
    const opened = open();
    const { feed, buffer } = opened;
    const entries = Array.from({ length: count }, (_, n) => entry(101 + n));
    const last = appendToLog(feed, buffer, { epoch: 3, sequence: 100 }, { atMs, entries });
    await buffer.commit();
    return { ...opened, last };
  }
  const keys = async (store: ReturnType<typeof open>['store']) =>
    (await store.keys(`${feedKey}log/`)).map((key) => Number(key.split('/').at(-1)));

  it('numbers entries after those of the head, in values of 100 that are named by their last entry', async () => {
    const { feed, store, last } = await openLog(250);
    expect(last).to.equal(350);
    expect(await keys(store)).to.deep.equal([200, 300, 350]);
    const read = await readLog(feed, 100, { maxEntries: 1_000, head: 350 });
    expect(read).to.include({ readTo: 350, hasMore: false, isMissing: false });
    expect(read.entries.map(({ sequence }) => sequence)).to.deep.equal(
      Array.from({ length: 250 }, (_, n) => 101 + n),
    );
    expect(read.entries.at(-1)).to.deep.equal({ epoch: 3, sequence: 350, entry: entry(350) });
  });

  it('has no value without entries', async () => {
    const { feed, store, last } = await openLog(100);
    expect([last, await keys(store)]).to.deep.equal([200, [200]]);
    expect((await readLog(feed, 100, { maxEntries: 1_000, head: 200 })).entries.length).to.equal(100);
    const none = await openLog(0);
    expect([none.last, await keys(none.store)]).to.deep.equal([100, []]);
  });

  it('is read from any entry on, up to a number of entries', async () => {
    const { feed } = await openLog(250);
    const read = await readLog(feed, 195, { maxEntries: 10, head: 350 });
    expect(read.entries.map(({ sequence }) => sequence)).to.deep.equal(
      Array.from({ length: 10 }, (_, n) => 196 + n),
    );
    expect(read).to.include({ readTo: 205, hasMore: true, isMissing: false });
    const exact = await readLog(feed, 340, { maxEntries: 10, head: 350 });
    expect(exact).to.include({ readTo: 350, hasMore: false });
  });

  it('is read over more than 50 values', async () => {
    const { feed, store } = await openLog(5_101);
    expect((await keys(store)).length).to.equal(52);
    const read = await readLog(feed, 100, { maxEntries: 10_000, head: 5_201 });
    expect(read).to.include({ readTo: 5_201, hasMore: false });
    expect(read.entries.length).to.equal(5_101);
  });

  it('says that entries are missing: at the beginning, in the middle and at the end', async () => {
    const { feed, store } = await openLog(250);
    const read = (from: number, head: number) => readLog(feed, from, { maxEntries: 1_000, head });
    expect(await read(99, 350)).to.deep.include({ entries: [], readTo: 99, hasMore: true, isMissing: true });
    expect(await read(300, 351)).to.include({ readTo: 350, hasMore: true, isMissing: true });
    const [, second] = await store.keys(`${feedKey}log/`);
    await store.delete(second!);
    expect(await read(100, 350)).to.include({ readTo: 200, hasMore: true, isMissing: true });
  });

  it('fails by name on a value that is not what its key says', async () => {
    const { feed, store } = await openLog(1);
    const [key] = await store.keys(`${feedKey}log/`);
    const good = JSON.parse((await store.get(key!))!.value) as JsonObject;
    const [only] = good.entries as JsonObject[];
    const changed = (part: JsonObject) => ({ ...good, entries: [{ ...only, ...part }] });
    const due = { ...only, kind: 'due', column: 'followupby' };
    const accepted = [
      good,
      { ...good, entries: [due] },
      changed({ kind: 'deleted' }),
      changed({ kind: 'forgotten' }),
    ];
    for (const value of accepted) {
      await store.set(key!, JSON.stringify(value));
      expect(await codeOf(readLog(feed, 100, { maxEntries: 1, head: 101 })), JSON.stringify(value)).to.equal(
        'none',
      );
    }
    for (const value of [
      { ...good, first: 102 },
      { ...good, entries: [] },
      { ...good, entries: [7] },
      { ...good, epoch: 'x' },
      changed({ id: 7 }),
      changed({ version: 'x' }),
      changed({ kind: 'other' }),
      changed({ changedColumns: null }),
      { ...good, entries: [{ ...due, column: 7 }] },
      { ...good, entries: [{ ...due, row: 7 }] },
    ]) {
      await store.set(key!, JSON.stringify(value));
      expect(await codeOf(readLog(feed, 100, { maxEntries: 1, head: 101 })), JSON.stringify(value)).to.equal(
        'CHECKPOINT_INVALID',
      );
    }
  });

  it('keeps seven days, and 100,000 entries, by default', () => {
    expect(defaultRetention.maxAgeMs / 86_400_000).to.equal(7);
    expect(defaultRetention.maxEntries).to.equal(100_000);
  });

  it('is pruned by age and by number, in whole values', async () => {
    const prune = async (limits: { maxAgeMs: number; maxEntries: number }, nowMs = 1_000) => {
      const { feed, store, buffer } = await openLog(250, 500);
      const prunedThrough = await pruneLog(feed, new WriteBuffer(store), {
        prunedThrough: 100,
        sequence: 350,
        nowMs,
        ...limits,
      });
      const writes = new WriteBuffer(store);
      await pruneLog(feed, writes, { prunedThrough: 100, sequence: 350, nowMs, ...limits });
      await writes.commit();
      expect(buffer.isEmpty).to.equal(false);
      return [prunedThrough, await keys(store)] as const;
    };
    expect(await prune({ maxAgeMs: 500, maxEntries: 1_000 })).to.deep.equal([100, [200, 300, 350]]);
    expect(await prune({ maxAgeMs: 499, maxEntries: 1_000 })).to.deep.equal([350, []]);
    expect(await prune({ maxAgeMs: 500, maxEntries: 150 })).to.deep.equal([200, [300, 350]]);
    expect(await prune({ maxAgeMs: 500, maxEntries: 151 })).to.deep.equal([100, [200, 300, 350]]);
    expect(await prune({ maxAgeMs: 500, maxEntries: 1 })).to.deep.equal([300, [350]]);
  });

  it('is pruned over more than 50 values', async () => {
    const { feed, store } = await openLog(5_101);
    const writes = new WriteBuffer(store);
    const limits = { prunedThrough: 100, sequence: 5_201, nowMs: 1_000, maxAgeMs: 1, maxEntries: 9_999 };
    expect(await pruneLog(feed, writes, limits)).to.equal(5_201);
    await writes.commit();
    expect(await keys(store)).to.deep.equal([]);
  });

  it('forgets a row in its place, and its name in rows that refer to it', async () => {
    const lookup = {
      _queueid_value: idOf(1),
      '_queueid_value@OData.Community.Display.V1.FormattedValue': 'A',
    };
    const deleted = { kind: 'deleted', id: idOf(3), atMs: 9 };
    const { buffer, feed, store } = open();
    appendToLog(
      feed,
      buffer,
      { epoch: 0, sequence: 0 },
      {
        atMs: 0,
        entries: [entry(1), entry(2, { row: lookup }), deleted as never],
      },
    );
    await buffer.commit();
    const [key] = await store.keys(`${feedKey}log/`);
    const stored = JSON.parse((await store.get(key!))!.value) as JsonObject;
    const forgotten = forgetInSegment(stored, idOf(1)) as { readonly entries: readonly Json[] };
    expect(forgotten.entries).to.deep.equal([
      { kind: 'forgotten', id: '', atMs: 1 },
      JSON.parse(JSON.stringify(entry(2, { row: { _queueid_value: idOf(1) } }))),
      deleted,
    ]);
    await store.set(key!, JSON.stringify(forgotten));
    const { entries, readTo } = await readLog(feed, 0, { maxEntries: 9, head: 3 });
    expect([entries.map(({ sequence }) => sequence), readTo]).to.deep.equal([[2, 3], 3]);
    expect(forgetInSegment({ other: 1 }, idOf(1))).to.deep.equal({ other: 1 });
  });
});

describe('feed: its head', () => {
  const full: FeedHead = {
    ...createHead('a', 2),
    sequence: 1,
    prunedThrough: 2,
    readAtMs: 3,
    checkedAtMs: 4,
    wokenAtMs: 5,
    startedMs: 6,
    highestVersion: 2n ** 62n,
    cursor: { readFromMs: 7, newSinceMs: 8 },
    needs: { changes: true, columns: ['title'], deletions: true, due: ['followupby'], logged: ['x'] },
    baseline: { columns: ['title'], walk: { columns: ['x'], page: 'p', done: 9, total: 10 } },
    rewind: { page: 'q', done: 11 },
    dueFromMs: { followupby: 12 },
  };

  it('is read as it was written', async () => {
    const { feed, store } = open();
    expect((await loadHead({ key: feed.key, store })).head).to.equal(undefined);
    for (const head of [full, createHead('a'), { ...full, cursor: undefined, rewind: { done: 0 } }]) {
      await store.set(headKey(feed), serializeHead(head));
      const { head: read } = await loadHead({ key: feed.key, store });
      expect(toText(read)).to.deep.equal(toText(head));
    }
    await store.set(headKey(feed), serializeHead(full).replace('"logged":["x"]', '"other":1'));
    expect(
      (await loadHead({ key: feed.key, store })).head?.needs.logged,
      'of an earlier version',
    ).to.deep.equal([]);
  });

  it('is read from what an earlier version of the connector stored', async () => {
    const { feed, store } = open();
    const stored = { ...JSON.parse(serializeHead(full)), v: 1 };
    await store.set(headKey(feed), JSON.stringify(stored));
    expect((await loadHead({ key: feed.key, store })).head?.sequence).to.equal(1);
  });

  it('of a new feed has read nothing, in the first epoch', () => {
    const { epoch, readAtMs, checkedAtMs, needs } = createHead('a');
    expect({ epoch, readAtMs, checkedAtMs }).to.deep.equal({ epoch: 0, readAtMs: 0, checkedAtMs: 0 });
    expect([needs.changes, needs.deletions]).to.deep.equal([false, false]);
  });

  it('fails by name if one part of it is damaged', async () => {
    const { feed, store } = open();
    const good = JSON.parse(serializeHead(full)) as JsonObject;
    const parts: readonly JsonObject[] = [
      { v: 2 },
      { id: 7 },
      { epoch: 0.5 },
      { sequence: 'x' },
      { readAtMs: null },
      { highestVersion: 7 },
      { highestVersion: '-' },
      { cursor: {} },
      { needs: {} },
      { baseline: {} },
      { rewind: { done: 'x' } },
      { startedMs: 'x' },
      { wokenAtMs: 'x' },
      { dueFromMs: { x: 'y' } },
    ];
    for (const part of parts) {
      await store.set(headKey(feed), JSON.stringify({ ...good, ...part }));
      expect(await codeOf(loadHead({ key: feed.key, store })), JSON.stringify(part)).to.equal(
        'CHECKPOINT_INVALID',
      );
    }
  });

  function toText(value: unknown): unknown {
    return JSON.parse(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? `${each}` : each)));
  }
});

describe('feed: records of rows', () => {
  it('are the same after they were stored, also of a row that was deleted', async () => {
    const { feed, store, buffer } = open();
    const records = new RowRecords(feed, buffer);
    await records.load([idOf(1), idOf(2), idOf(3)]);
    expect(records.get(idOf(1))).to.equal(undefined);
    const full = {
      version: 2n ** 60n,
      lastMs: 5,
      fingerprints: { a: 'f' },
      uncertainColumns: ['a'],
      isDeleted: false,
    };
    records.set(idOf(1), full);
    records.set(idOf(2), unreadRow);
    records.markDeleted(idOf(3));
    await buffer.commit();
    const loaded = new RowRecords(feed, new WriteBuffer(store));
    await loaded.load([idOf(1), idOf(2), idOf(3)]);
    expect(loaded.get(idOf(1))).to.deep.equal(full);
    expect(loaded.get(idOf(2))).to.deep.equal(unreadRow);
    expect(loaded.get(idOf(3))).to.deep.equal({ ...unreadRow, isDeleted: true });
    const { value } = (await store.get(`${feedKey}row/${idOf(2)}`))!;
    expect(value, 'empty parts are not stored').to.equal('{"v":"0","t":0}');
  });

  it('that were changed by this read are not loaded again', async () => {
    const { feed, buffer } = open();
    const records = new RowRecords(feed, buffer);
    records.set(idOf(1), { ...unreadRow, version: 7n });
    await records.load([idOf(1)]);
    expect(records.get(idOf(1))?.version).to.equal(7n);
  });

  it('fail by name if they cannot be read', async () => {
    for (const value of ['{', '{"v":"x","t":0}', '{"v":"1","t":0,"d":2}', '{"v":"1","t":0,"u":[1]}']) {
      const { feed, store, buffer } = open();
      await store.set(`${feedKey}row/${idOf(1)}`, value);
      const failed: unknown = await new RowRecords(feed, buffer)
        .load([idOf(1)])
        .catch((error: unknown) => error);
      expect(failed, value).to.include({ code: 'CHECKPOINT_INVALID' });
      expect((failed as ConnectorError).message).to.include(`${feedKey}row/${idOf(1)}`);
    }
  });
});

describe('feed: recent rows', () => {
  const row = (n: number, version = n): RecentRow => ({ id: idOf(n), version: BigInt(version), lastMs: n });
  const none: RecentRows = { rows: [], completeFrom: 0n, deletedIds: [] };
  const recorded = (count: number) => Array.from({ length: count }, (_, n) => row(n + 1));

  it('are those with the highest versions, the highest first, and all from the lowest of a hundred on', () => {
    const few = addRecentRows(
      { ...none, completeFrom: 2n },
      { recorded: [row(1), row(3), row(2)], deletedIds: [] },
    );
    expect(few).to.deep.equal({ rows: [row(3), row(2), row(1)], completeFrom: 2n, deletedIds: [] });
    const hundred = addRecentRows(none, { recorded: recorded(100), deletedIds: [] });
    expect([hundred.rows.length, hundred.completeFrom]).to.deep.equal([100, 1n]);
    const more = addRecentRows(none, { recorded: recorded(130), deletedIds: [] });
    expect([more.rows.length, more.rows.at(-1), more.completeFrom]).to.deep.equal([100, row(31), 31n]);
    const from = { ...none, completeFrom: 500n };
    expect(addRecentRows(from, { recorded: recorded(100), deletedIds: [] }).completeFrom).to.equal(500n);
  });

  it('keep the newer of two versions of a row, and the later of two reads of the same version', () => {
    const before = { ...none, rows: [row(1, 5)] };
    const added = (version: number, lastMs: number) =>
      addRecentRows(before, { recorded: [{ ...row(1, version), lastMs }], deletedIds: [] }).rows;
    expect(added(4, 9)).to.deep.equal([row(1, 5)]);
    expect(added(5, 9)).to.deep.equal([{ ...row(1, 5), lastMs: 9 }]);
    expect(added(6, 9)).to.deep.equal([{ ...row(1, 6), lastMs: 9 }]);
  });

  it('lack rows that were deleted; of those, the last hundred are known, without rows that are back', () => {
    const before = { ...none, rows: [row(1), row(2)], deletedIds: [idOf(8), idOf(9)] };
    const after = addRecentRows(before, { recorded: [row(9)], deletedIds: [idOf(1)] });
    expect(after.rows).to.deep.equal([row(9), row(2)]);
    expect(after.deletedIds).to.deep.equal([idOf(1), idOf(8)]);
    const deletedIds = Array.from({ length: 130 }, (_, n) => idOf(n));
    expect(addRecentRows(none, { recorded: [], deletedIds }).deletedIds).to.deep.equal(
      deletedIds.slice(0, 100),
    );
  });

  it('are the same after they were stored', async () => {
    const { feed, buffer } = open();
    expect(await loadRecentRows(feed, buffer)).to.deep.equal(none);
    const stored = { rows: [row(1, 2 ** 53)], completeFrom: 4n, deletedIds: [idOf(2)] };
    saveRecentRows(feed, buffer, stored);
    expect(await loadRecentRows(feed, buffer)).to.deep.equal(stored);
  });
});

describe('feed: compareRecent', () => {
  const row = (n: number, version: number, lastMs = version): RecentRow => ({
    id: idOf(n),
    version: BigInt(version),
    lastMs,
  });
  const compare = (
    known: Partial<RecentRows>,
    present: readonly RecentRow[],
    rest: { newest?: readonly RecentRow[]; readUpTo?: number; deleted?: readonly string[] } = {},
  ) =>
    compareRecent(
      { rows: [], completeFrom: 10n, deletedIds: [], ...known },
      {
        byId: new Map(present.map((each) => [each.id, each])),
        newest: rest.newest ?? [],
        isRead: ({ version }) => version <= BigInt(rest.readUpTo ?? 20),
        deleted: new Set(rest.deleted),
      },
    );

  it('rows are the same, or newer than all that was read', () => {
    expect(compare({ rows: [row(1, 15)] }, [row(1, 15)])).to.equal('same');
    expect(compare({ rows: [row(1, 15)] }, [row(1, 21)])).to.equal('same');
    expect(compare({ rows: [row(1, 5)] }, [row(1, 9)]), 'before the rows that are all known').to.equal(
      'same',
    );
  });

  it('a lower version, the same one with another time, or one that was read of another row, is a restore', () => {
    expect(compare({ rows: [row(1, 15)] }, [row(1, 14)])).to.equal('restored');
    expect(compare({ rows: [row(1, 15)] }, [row(1, 15, 99)])).to.equal('restored');
    expect(compare({ rows: [row(1, 15)] }, [row(1, 16)])).to.equal('restored');
    expect(compare({ rows: [row(1, 5)] }, [row(1, 10)])).to.equal('restored');
    expect(compare({ rows: [row(1, 5)] }, [row(1, 5, 99)])).to.equal('restored');
  });

  it('a newest row that was not read as it is, is a restore', () => {
    const rows = [row(1, 15)];
    expect(compare({ rows }, rows, { newest: [row(1, 15)] })).to.equal('same');
    expect(compare({ rows }, rows, { newest: [row(2, 10)] })).to.equal('restored');
    expect(compare({ rows }, rows, { newest: [row(2, 9)] })).to.equal('same');
  });

  it('a deleted row that is back is a restore, unless its creation is not read yet', () => {
    expect(compare({ deletedIds: [idOf(1)] }, [])).to.equal('same');
    expect(compare({ deletedIds: [idOf(1)] }, [row(1, 20)])).to.equal('restored');
    expect(compare({ deletedIds: [idOf(1)] }, [row(1, 21)])).to.equal('same');
  });

  it('missing rows may be deleted; if Dataverse reported that, nothing is missing; a hundred are a restore', () => {
    const rows = Array.from({ length: 100 }, (_, n) => row(n, 100 + n));
    expect(compare({ rows }, [])).to.equal('restored');
    expect(compare({ rows }, [rows[0]!])).to.equal('missing');
    expect(compare({ rows: [rows[0]!] }, [])).to.equal('missing');
    expect(compare({ rows: [rows[0]!] }, [], { deleted: [idOf(0)] })).to.equal('same');
  });
});

describe('feed: dead letters', () => {
  it('are stored once each, up to 100 of a read, in up to 20,000 characters; all are counted', async () => {
    const { feed, store, buffer, logged } = open();
    const letters = new DeadLetters(feed, buffer);
    letters.report();
    expect(logged).to.deep.equal([]);
    await letters.add({ text: 'x'.repeat(30_000) });
    await letters.add({ text: 'x'.repeat(30_000) });
    for (let n = 1; n < 105; n += 1) await letters.add({ n });
    letters.report();
    expect(logged.map(({ level, fields }) => [level, fields])).to.deep.equal([
      ['warn', { table: 'case', count: 105 }],
    ]);
    await buffer.commit();
    const keys = await store.keys(`${feedKey}dead-letters/`);
    expect(keys.length).to.equal(100);
    const stored = [...(await store.getMany(keys)).values()].map(({ value }) => value);
    expect(Math.max(...stored.map(({ length }) => length))).to.equal(20_000);
    expect(stored).to.include('{"n":1}');
  });
});

describe('feed: rows that match a filter', () => {
  const judgment = { matching: [], others: [] };
  function openRows(evaluatedMs: number | undefined, offset = 10, opened = open()) {
    const buffer = new WriteBuffer(opened.store);
    return {
      ...opened,
      buffer,
      rows: new MatchingRows(opened.feed, { activationId: 'x', evaluatedMs, offset }, buffer),
    };
  }

  it('are unknown before the first evaluation, and known from then on', async () => {
    const { rows } = openRows(undefined);
    await rows.load();
    expect(rows.known({ matching: ['a'], others: [] })).to.equal(undefined);
    rows.replace(1_000, ['a', 'b']);
    const later = openRows(1_000);
    later.rows.replace(1_000, ['a', 'b']);
    expect(later.rows.known(judgment)).to.deep.equal(new Set(['a', 'b']));
    expect(later.rows.known({ matching: ['c'], others: ['a'] })).to.deep.equal(new Set(['b', 'c']));
  });

  it('are only those that match now, at a checkpoint whose evaluation is not kept', async () => {
    const { rows } = openRows(5);
    await rows.load();
    expect(rows.known({ matching: ['c'], others: [] })).to.deep.equal(new Set(['c']));
  });

  it('are unknown after an evaluation with too many rows, whatever the log judges', () => {
    const { rows } = openRows(1_000);
    rows.replace(1_000, undefined);
    rows.judge(11, { matching: ['a'], others: [] });
    expect(rows.known({ matching: ['a'], others: [] })).to.equal(undefined);
  });

  it('change as the log judges rows, up to the checkpoint: the rest may not have been delivered', async () => {
    const opened = openRows(1_000);
    opened.rows.replace(1_000, ['a', 'b']);
    opened.rows.judge(11, { matching: ['c'], others: ['a'] });
    await opened.buffer.commit();
    const before = openRows(1_000, 10, opened);
    await before.rows.load();
    expect(before.rows.known(judgment)).to.deep.equal(new Set(['a', 'b']));
    const after = openRows(1_000, 11, opened);
    await after.rows.load();
    expect(after.rows.known(judgment)).to.deep.equal(new Set(['b', 'c']));
  });

  it('are written only where the log judges another way than is known', async () => {
    const opened = openRows(1_000);
    opened.rows.replace(1_000, ['a', 'b']);
    await opened.buffer.commit();
    const next = openRows(1_000, 11, opened);
    await next.rows.load();
    next.rows.judge(12, { matching: ['a'], others: ['c'] });
    expect(next.buffer.isEmpty).to.equal(true);
    next.rows.judge(13, { matching: ['c'], others: ['a'] });
    expect(next.buffer.isEmpty).to.equal(false);
    await next.buffer.commit();
    const again = openRows(1_000, 13, opened);
    await again.rows.load();
    again.rows.judge(14, { matching: ['c'], others: ['a'] });
    expect(again.buffer.isEmpty).to.equal(true);
    again.rows.judge(15, { matching: ['a'], others: [] });
    expect(again.buffer.isEmpty).to.equal(false);
  });

  it('keep the evaluation before, for a host that returns to the checkpoint before', async () => {
    const opened = openRows(undefined);
    opened.rows.replace(1_000, ['a']);
    await opened.buffer.commit();
    const second = openRows(1_000, 10, opened);
    await second.rows.load();
    second.rows.replace(2_000, ['b']);
    await second.buffer.commit();
    for (const [evaluatedMs, id] of [
      [1_000, 'a'],
      [2_000, 'b'],
    ] as const) {
      const { rows } = openRows(evaluatedMs, 10, opened);
      await rows.load();
      expect(rows.known(judgment)).to.deep.equal(new Set([id]));
    }
  });

  it('are too many if the log has judged more than twice 5,000 rows', () => {
    const judged = (count: number) => {
      const { rows } = openRows(1_000);
      rows.replace(1_000, []);
      rows.judge(5, { matching: Array.from({ length: count }, (_, n) => `r${n}`), others: [] });
      return rows.known(judgment)?.size;
    };
    expect(judged(10_000)).to.equal(10_000);
    expect(judged(10_001)).to.equal(undefined);
  });
});

describe('feed: pruneState', () => {
  async function openFeed(head: Partial<FeedHead>) {
    const { feed, store, buffer } = open();
    appendToLog(feed, buffer, { epoch: 0, sequence: 0 }, { atMs: 0, entries: [entry(1), entry(2)] });
    appendToLog(feed, buffer, { epoch: 0, sequence: 2 }, { atMs: 0, entries: [entry(3)] });
    const records = new RowRecords(feed, buffer);
    records.set(idOf(1), { ...unreadRow, version: 5n, lastMs: 99 });
    records.set(idOf(2), { ...unreadRow, version: 6n, lastMs: 100 });
    records.set(idOf(3), { ...unreadRow, version: 9n, lastMs: 1 });
    buffer.set(headKey(feed), serializeHead({ ...createHead('a'), sequence: 3, ...head }));
    await buffer.commit();
    const rest = async () => [
      (await store.keys(`${feedKey}log/`)).map((key) => Number(key.split('/').at(-1))),
      (await store.keys(`${feedKey}row/`)).map((key) => Number(key.slice(-1))),
    ];
    return { store, rest, prune: (offset: number) => pruneState(store, { feedKey, offset }) };
  }
  const cursor = { readFromMs: 0, newSinceMs: 100 };

  it('removes entries that were delivered, and records of rows that cannot be read as new again', async () => {
    const { rest, prune } = await openFeed({ cursor });
    await prune(2);
    expect(await rest()).to.deep.equal([[3], [2]]);
    await prune(3);
    expect(await rest()).to.deep.equal([[], [2]]);
  });

  it('keeps an entry that is stored with one that was not delivered', async () => {
    const { rest, prune } = await openFeed({ cursor });
    await prune(1);
    expect((await rest())[0]).to.deep.equal([2, 3]);
  });

  it('keeps records of rows that the next read of versions returns', async () => {
    for (const versions of [{ version: 5n }, { watermark: { version: 5n, atMs: 1 } }]) {
      const { rest, prune } = await openFeed({ cursor: { ...cursor, ...versions } });
      await prune(3);
      expect((await rest())[1]).to.deep.equal([2, 3]);
    }
  });

  it('keeps all records of watched columns, and those of a feed without a cursor or head', async () => {
    const needs = { changes: true, columns: ['title'], deletions: false, due: [], logged: [] };
    const watching = await openFeed({ cursor, needs });
    await watching.prune(3);
    expect((await watching.rest())[1]).to.deep.equal([1, 2, 3]);
    const early = await openFeed({});
    await early.prune(3);
    expect((await early.rest())[1]).to.deep.equal([1, 2, 3]);
    await early.store.delete(`${feedKey}head`);
    await early.prune(3);
    expect((await early.rest())[1]).to.deep.equal([1, 2, 3]);
  });
});

describe('feed: collected writes', () => {
  it('are seen by reads, also deletions, and are written at once', async () => {
    const { store, buffer } = open();
    await store.set('a', '1');
    expect(buffer.isEmpty).to.equal(true);
    expect(await buffer.get('a')).to.equal('1');
    expect(await buffer.get('b')).to.equal(undefined);
    buffer.delete('a');
    buffer.set('b', '2');
    expect(await buffer.get('a')).to.equal(undefined);
    expect(await buffer.get('b')).to.equal('2');
    expect(buffer.isEmpty).to.equal(false);
    expect((await store.get('a'))?.value).to.equal('1');
    expect(await buffer.commit()).to.equal(true);
    expect(await store.get('a')).to.equal(undefined);
    expect((await store.get('b'))?.value).to.equal('2');
  });

  it('ask the store for nothing if no key is wanted', async () => {
    const store = createMemoryStore();
    const buffer = new WriteBuffer({ ...store, getMany: () => Promise.reject(new Error('not asked')) });
    expect((await buffer.getStored([])).size).to.equal(0);
  });
});

describe('feed: state of deletions', () => {
  it('starts with a scan, and fails by name if it cannot be read', async () => {
    const { feed, store, buffer } = open();
    expect(await loadDeletionState(feed, buffer)).to.deep.equal({ scan: { lists: [] }, reported: {} });
    await store.set(`${feedKey}deletions`, '{"reported":{"a":"x"}}');
    expect(await codeOf(loadDeletionState(feed, buffer))).to.equal('CHECKPOINT_INVALID');
  });
});
