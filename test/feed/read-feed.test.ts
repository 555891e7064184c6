import { expect } from 'chai';
import { type DeletionState, saveDeletionState } from '../../src/feed/deletion-state.ts';
import type { FeedNeeds } from '../../src/feed/feed.ts';
import { createHead, headKey, serializeHead } from '../../src/feed/feed-head.ts';
import { readFeed } from '../../src/feed/read-feed.ts';
import { unreadRow } from '../../src/feed/row-records.ts';
import { type Answer, idOf, needs, openRead, rowOf, start } from './scripted-read.ts';

const minute = 60_000;
const onlyDeletions: FeedNeeds = { ...needs, changes: false, deletions: true };

/** A feed that was read and checked at `start`. */
async function openStored(answers: readonly Answer[], needs: FeedNeeds, deletions?: DeletionState) {
  const { read, asked } = openRead(answers);
  const { feed, buffer, records } = read;
  const cursor = needs.changes ? { readFromMs: start, newSinceMs: start } : undefined;
  const times = { sequence: start, prunedThrough: start, readAtMs: start, checkedAtMs: start };
  buffer.set(headKey(feed), serializeHead({ ...createHead('a'), ...times, needs, cursor }));
  records.set(idOf(9), { ...unreadRow, version: 9n, lastMs: start });
  if (deletions !== undefined) saveDeletionState(feed, buffer, deletions);
  await buffer.commit();
  return { feed, asked };
}

describe('feed: the slow check of a read', () => {
  const link = { url: 'link', atMs: start };
  const scanned = {
    link,
    scan: { lists: [] },
    knownIds: { lists: [], added: [idOf(1)], removed: [] },
    reported: {},
  };
  const checkedAfter = async (stored: ReturnType<typeof openStored>, needs: FeedNeeds) => {
    const { head } = await readFeed((await stored).feed, needs);
    return head.checkedAtMs - start;
  };

  it('is made again 15 minutes after the last one', async () => {
    for (const [afterMs, checkedMs] of [
      [15 * minute - 1, 0],
      [15 * minute, 15 * minute],
    ] as const) {
      const stored = openStored([{ serverTimeMs: start + afterMs }], needs);
      expect(await checkedAfter(stored, needs), String(afterMs)).to.equal(checkedMs);
    }
  });

  it('is made at once if a row is older than its record', async () => {
    const answer = { rows: [rowOf(9, { versionnumber: 5 })], serverTimeMs: start + minute };
    expect(await checkedAfter(openStored([answer], needs), needs)).to.equal(minute);
  });

  it('is made at once if a scan of all keys finds that a row is missing', async () => {
    const scan = (...rows: ReturnType<typeof rowOf>[]) =>
      openStored([{ rows, deltaLink: 'd', serverTimeMs: start + minute }], onlyDeletions, scanned);
    expect(await checkedAfter(scan(), onlyDeletions)).to.equal(minute);
    expect(await checkedAfter(scan(rowOf(1)), onlyDeletions), 'no row is missing').to.equal(0);
  });

  it('is not made for a deletion that Dataverse reports', async () => {
    const rows = [{ '@odata.context': 'x/$deletedEntity', id: idOf(1) }];
    const answer = { rows, deltaLink: 'd', serverTimeMs: start + minute };
    const stored = openStored([answer], onlyDeletions, { link, reported: {} });
    expect(await checkedAfter(stored, onlyDeletions)).to.equal(0);
  });
});

describe('feed: a read beside others', () => {
  /** A feed that was read once, and whose store then lets other processes win. */
  async function openBusy() {
    const { read } = openRead([]);
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
    const { read, asked } = openRead([]);
    await readFeed(read.feed, needs);
    const before = asked.length;
    const { head, ...result } = await readFeed(read.feed, needs, { wake: {} });
    expect(result).to.deep.equal(none);
    expect([head.wokenAtMs, asked.length - before]).to.deep.equal([start, 1]);
  });

  it('sends nothing for deletions without ids', async () => {
    const deletions = { ...needs, changes: false, deletions: true };
    const { read, asked } = openRead([{ deltaLink: 'delta' }]);
    const first = await readFeed(read.feed, deletions);
    const { head, ...result } = await readFeed(read.feed, deletions, { wake: {} });
    expect(result).to.deep.equal(none);
    expect([head.sequence, head.readAtMs, head.wokenAtMs]).to.deep.equal([
      first.head.sequence,
      start,
      undefined,
    ]);
    expect(asked.length).to.equal(1);
  });

  it('is no short one before the first read, or for further needs', async () => {
    const { read } = openRead([]);
    expect((await readFeed(read.feed, needs, { wake: {} })).isShort).to.equal(undefined);
    const more = { ...needs, due: ['followupby'] };
    expect((await readFeed(read.feed, more, { wake: {} })).isShort).to.equal(undefined);
  });

  it('has no more to read after it confirmed a deletion', async () => {
    const deletions = { link: { url: 'link', atMs: start }, reported: {} };
    const { feed, asked } = await openStored([{ serverTimeMs: start + minute }], onlyDeletions, deletions);
    const { hasMore, isShort, entries } = await readFeed(feed, onlyDeletions, {
      wake: { deletedIds: [idOf(1)] },
    });
    expect({ hasMore, isShort }).to.deep.equal({ hasMore: false, isShort: true });
    expect(entries).to.deep.equal([{ kind: 'deleted', id: idOf(1), atMs: start + minute }]);
    expect(asked).to.deep.equal([idOf(1)]);
  });
});
