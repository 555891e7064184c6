import { expect } from 'chai';
import { type CheckpointContent, writeCheckpoint } from '../../src/feed/checkpoint.ts';
import { type DeriveOptions, deriveItems, readRunning } from '../../src/feed/derive-items.ts';
import type { FeedSubscription, ResolvedWatch } from '../../src/feed/feed.ts';
import { createHead, type FeedHead } from '../../src/feed/feed-head.ts';
import { appendToLog, type ChangedEntry } from '../../src/feed/feed-log.ts';
import type { RowQuery } from '../../src/feed/row-reader-port.ts';
import { WriteBuffer } from '../../src/feed/write-buffer.ts';
import type { Checkpoint, PollItem } from '../../src/model/plan.ts';
import { contextOf, feedKey } from './fixtures.ts';
import { type Answer, changed, idOf, openRead, rowOf, start } from './scripted-read.ts';

const cursor = { readFromMs: start - 9_000, newSinceMs: start - 10_000, version: 7n };
const windowRead = { startedMs: start, at: 8n };
const base: FeedHead = {
  ...createHead(idOf(100)),
  sequence: 100,
  prunedThrough: 50,
  readAtMs: start,
  highestVersion: 9n,
  cursor,
};
const place: CheckpointContent = {
  activationId: idOf(200),
  feedKey,
  feedId: base.id,
  epoch: 0,
  offset: 100,
  activatedMs: start - 50_000,
  since: { readFromMs: start - 20_000, newSinceMs: start - 30_000, version: 3n },
  isActivating: false,
};

/** A feed with a log, of which items are derived. */
function open(answers: readonly Answer[] = [], watch: Partial<ResolvedWatch> = {}) {
  const { read, asked } = openRead(answers);
  const logged: string[] = [];
  const services = { ...read.feed.services, log: ({ event }: { event: string }) => void logged.push(event) };
  const feed = { ...read.feed, services };
  const { trigger } = contextOf(feed.reader, watch);
  const append = async (sequence: number, ...entries: readonly ChangedEntry[]) => {
    const buffer = new WriteBuffer(services.store);
    const last = appendToLog(feed, buffer, { epoch: 0, sequence }, { atMs: start, entries });
    await buffer.commit();
    return last;
  };
  const derive = async (
    from: Partial<CheckpointContent> | Checkpoint | undefined,
    {
      head = {},
      subscription = {},
      ...options
    }: DeriveOptions & {
      readonly head?: Partial<FeedHead>;
      readonly subscription?: Partial<FeedSubscription>;
    } = {},
  ) => {
    const checkpoint =
      from === undefined || 'v' in from ? from : writeCheckpoint(trigger.id, {}, { ...place, ...from });
    const subscribed = { trigger, params: {}, ...subscription };
    const result = await deriveItems(
      feed,
      { ...base, ...head },
      subscribed,
      checkpoint as Checkpoint,
      options,
    );
    return { ...result, told: result.items.map(inShort) };
  };
  return { asked: asked as RowQuery[], logged, append, derive, trigger };
}

const inShort = ({ change, row }: PollItem) => `${change} ${Number(String(row.id).slice(-4))}`;

describe('feed: items of the log', () => {
  it('are a thousand at a time if nothing else is set, and none is left out', async () => {
    const { append, derive } = open();
    const entries = Array.from({ length: 1_001 }, (_, n) => changed(n + 1));
    const sequence = await append(100, ...entries);
    const first = await derive({}, { head: { sequence } });
    expect([first.items.length, first.hasMore]).to.deep.equal([1_000, true]);
    const second = await derive(first.checkpoint, { head: { sequence } });
    expect([second.told, second.hasMore]).to.deep.equal([['updated 1001'], false]);
  });

  it('bring the place in time of a subscription to that of the feed when all are derived', async () => {
    const { append, derive } = open();
    const sequence = await append(100, changed(1), changed(2));
    const part = await derive({}, { head: { sequence }, maxEntries: 1 });
    expect(part.checkpoint.since).to.deep.equal({
      readFromMs: start - 20_000,
      newSinceMs: start - 30_000,
      version: '3',
    });
    const all = await derive(part.checkpoint, { head: { sequence } });
    expect(all.checkpoint.since).to.deep.equal({ ...cursor, version: '7' });
    const deletionsOnly = await derive({}, { head: { cursor: undefined } });
    expect(deletionsOnly.checkpoint.since).to.deep.equal({ readFromMs: start, newSinceMs: start });
  });

  it('are read again from Dataverse if the log does not have them', async () => {
    for (const [part, isCaughtUp] of [
      [{ offset: 50 }, false],
      [{ offset: 49 }, true],
      [{ offset: 101 }, true],
      [{ offset: 100 }, false],
      [{ feedId: idOf(101) }, true],
      [{ feedId: idOf(101), offset: 49 }, true],
    ] as const) {
      const { append, derive, logged } = open();
      await append(50, ...Array.from({ length: 50 }, (_, n) => changed(n + 1)));
      await derive(part);
      expect(logged, JSON.stringify(part)).to.deep.equal(isCaughtUp ? ['feed.catch-up'] : []);
    }
  });

  it('are derived as far as the log has them, before the rest is read again', async () => {
    const { append, derive, logged } = open([{ rows: [rowOf(9)] }]);
    await append(98, changed(1));
    const first = await derive({ offset: 98 });
    expect([first.told, first.hasMore, logged]).to.deep.equal([['updated 1'], true, []]);
    const second = await derive(first.checkpoint);
    expect([second.told, second.hasMore, logged]).to.deep.equal([['created 9'], false, ['feed.catch-up']]);
  });
});

describe('feed: items that are read again', () => {
  it('are those above the version that was read, unless that is from before a restore', async () => {
    for (const [epoch, filter] of [
      [2, 'versionnumber gt 3'],
      [1, 'modifiedon ge 2025-12-31T23:59:40Z'],
    ] as const) {
      const { derive, asked } = open();
      await derive({ epoch, offset: 1 }, { head: { epoch: 2 } });
      expect(asked[0]?.filter).to.equal(filter);
    }
  });

  it('are the deadlines since the place in time, but none from before the activation', async () => {
    for (const [activatedMs, from] of [
      [start - 50_000, '2025-12-31T23:59:40Z'],
      [start - 10_000, '2025-12-31T23:59:50Z'],
    ] as const) {
      const { derive, asked } = open([], { changes: ['due'], due: 'dueOn' });
      await derive({ offset: 1, activatedMs });
      expect(asked[1]?.filter).to.equal(`followupby ge ${from} and followupby le 2026-01-01T00:00:00Z`);
    }
  });

  it('stop at the limit of a poll, and go on with the next', async () => {
    const { derive, asked } = open([{ rows: [rowOf(4)], nextLink: 'b' }, { rows: [rowOf(5)] }]);
    const first = await derive({ offset: 1 }, { limits: { pages: 1 } });
    expect([first.told, first.hasMore, asked.length]).to.deep.equal([['created 4'], true, 1]);
    const second = await derive(first.checkpoint, { limits: { pages: 1 } });
    expect([second.told, second.hasMore]).to.deep.equal([['created 5'], false]);
    expect(asked[1]?.filter).to.equal('versionnumber gt 4');
  });

  it('are delivered although the log has lost the next entry meanwhile', async () => {
    const { derive, logged } = open([{ rows: [rowOf(4)] }, { rows: [rowOf(5)] }]);
    const catchUp = { cursor: place.since, untilVersion: 9n, untilMs: start };
    const first = await derive({ offset: 98, catchUp });
    expect([first.told, first.hasMore, logged]).to.deep.equal([['created 4'], true, []]);
    const second = await derive(first.checkpoint);
    expect([second.told, second.hasMore, logged]).to.deep.equal([['created 5'], false, ['feed.catch-up']]);
  });
});

describe('feed: the activation of a subscription', () => {
  it('during a read of the feed reports nothing of that read', async () => {
    const { append, derive } = open();
    const first = await derive(undefined, { head: { cursor: { ...cursor, windowRead } } });
    expect([first.told, first.hasMore, first.checkpoint.isActivating]).to.deep.equal([[], true, true]);
    const sequence = await append(100, changed(1));
    const second = await derive(first.checkpoint, { head: { sequence } });
    expect([second.told, second.hasMore]).to.deep.equal([[], false]);
    expect([second.checkpoint.offset, second.checkpoint.isActivating]).to.deep.equal([101, undefined]);
    const next = await append(101, changed(2));
    expect((await derive(second.checkpoint, { head: { sequence: next } })).told).to.deep.equal(['updated 2']);
  });

  it('between two reads, or with a start, reports everything from then on', async () => {
    const { derive, asked } = open();
    const quiet = await derive(undefined);
    expect([quiet.hasMore, quiet.checkpoint.isActivating, asked]).to.deep.equal([false, undefined, []]);
    const since = await derive(undefined, {
      head: { cursor: { ...cursor, windowRead } },
      subscription: { from: '2025-12-31T23:00:00Z' },
    });
    expect([since.hasMore, since.checkpoint.isActivating]).to.deep.equal([false, undefined]);
    expect(asked.map(({ filter }) => filter)).to.deep.equal(['modifiedon ge 2025-12-31T23:00:00Z']);
  });
});

describe('feed: a row that is reported too often', () => {
  const again = changed(1, { sinceLastMs: 1_000 });

  it('stops the subscription with more than 30 items a minute, or as many as are set', async () => {
    for (const [maxRowItems, items] of [
      [undefined, 31],
      [40, undefined],
    ] as const) {
      const { append, derive } = open();
      const sequence = await append(100, again);
      const recentItems = { [idOf(1)]: [start - 2_000, 30] as const };
      const { checkpoint } = await derive({ recentItems }, { head: { sequence }, maxRowItems });
      expect(checkpoint.loop).to.deep.equal(items && { rowId: idOf(1), items });
    }
  });

  it('stops it until it is resumed, which counts from the beginning', async () => {
    const loop = { rowId: idOf(1), items: 31 };
    const recentItems = { [idOf(1)]: [start, 31] as const };
    const { derive, trigger } = open();
    const error: unknown = await derive({ loop, recentItems }).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'LOOP_DETECTED' });
    const { checkpoint } = await derive({ loop, recentItems }, { resume: true });
    expect(checkpoint).to.not.have.any.keys('loop', 'recentItems');
    const subscription = { trigger, params: {} };
    const running = writeCheckpoint(trigger.id, {}, { ...place, recentItems });
    expect(readRunning(subscription, running, {}).recentItems).to.deep.equal(recentItems);
    expect(readRunning(subscription, running, { resume: false }).recentItems).to.deep.equal(recentItems);
  });
});

describe('feed: rows that leave a filter', () => {
  it('are reported in the order of the log, between the rows that match', async () => {
    const { append, derive } = open([], { changes: ['updated', 'left'] });
    const subscription = { filter: 'prioritycode eq 1' };
    const matching = (n: number) => changed(n, {}, { prioritycode: 1 });
    const other = (n: number) => changed(n, {}, { prioritycode: 2 });
    await append(100, matching(1), matching(2));
    const first = await derive({}, { head: { sequence: 102 }, subscription });
    expect(first.told).to.deep.equal(['updated 1', 'updated 2']);
    await append(102, other(1), matching(3), other(2), matching(4));
    const second = await derive(first.checkpoint, { head: { sequence: 106 }, subscription });
    expect(second.told).to.deep.equal(['left 1', 'updated 3', 'left 2', 'updated 4']);
  });
});
