import { expect } from 'chai';
import type { ConnectorError } from '../../src/errors/connector-error.ts';
import { addCustomColumns } from '../../src/feed/add-custom-columns.ts';
import type { Feed, FeedSubscription } from '../../src/feed/feed.ts';
import type { FeedRead } from '../../src/feed/feed-read.ts';
import { findExisting, findMatching, findRowsById } from '../../src/feed/find-existing.ts';
import { followDeltaLink } from '../../src/feed/follow-delta-link.ts';
import { readInitialPosition, readNewestUpTo } from '../../src/feed/initial-cursor.ts';
import { readIdLists } from '../../src/feed/known-ids.ts';
import { startPollBudget } from '../../src/feed/poll-budget.ts';
import type { PollPage, RowQuery, RowReader, WireRow } from '../../src/feed/row-reader-port.ts';
import { sampleTrigger } from '../../src/feed/sample-trigger.ts';
import { scanKeys } from '../../src/feed/scan-keys.ts';
import { withServerTime } from '../../src/feed/server-time.ts';
import { WriteBuffer } from '../../src/feed/write-buffer.ts';
import type { PollItem } from '../../src/model/plan.ts';
import { caseTable, contextOf, feedKey } from './fixtures.ts';
import { requestError } from './simulated-org.ts';

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const rowOf = (n: number, part: WireRow = {}): WireRow => ({
  incidentid: idOf(n),
  versionnumber: n,
  createdon: '2026-01-01T00:00:00Z',
  modifiedon: '2026-01-01T00:00:00Z',
  ...part,
});

/** What the organization answers to one request after the other: pages, or errors. The requests are in `asked`. */
function open(...answers: readonly (Partial<PollPage> | Error)[]) {
  const asked: (RowQuery | string)[] = [];
  const answer = async (question: RowQuery | string): Promise<PollPage> => {
    asked.push(question);
    const next = answers[asked.length - 1];
    if (next instanceof Error) throw next;
    return { rows: [], serverTimeMs: 0, ...next };
  };
  const reader: RowReader = {
    read: answer,
    find: answer,
    next: answer,
    trackChanges: answer,
    follow: answer,
    countRows: async () => undefined,
  };
  const feed: Feed = { key: feedKey, ...contextOf(reader) };
  return { asked, reader, feed };
}

const budgetOf = (pages: number) => startPollBudget({ pages }, { now: () => 0 });
const failure = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: ConnectorError) => error,
  );

describe('feed: rows by their ids', () => {
  it('are read in requests of a hundred, each id once, over all pages', async () => {
    const { feed, asked } = open(
      { rows: [rowOf(1)], nextLink: 'more' },
      { rows: [rowOf(2), {}] },
      { rows: [rowOf(101)] },
    );
    const ids = Array.from({ length: 101 }, (_, n) => idOf(n + 1));
    const found = await findExisting(feed, [...ids, ...ids]);
    expect([...found]).to.deep.equal([idOf(1), idOf(2), idOf(101)]);
    const [first, link, second] = asked as [RowQuery, string, RowQuery];
    expect(first.filter?.split(' or ').length).to.equal(100);
    expect([first.select, first.pageSize, link]).to.deep.equal([['incidentid'], 100, 'more']);
    expect(second.filter).to.equal(`incidentid eq ${idOf(101)}`);
  });

  it('are read with the columns of facts and others, or only if they match a filter', async () => {
    const { feed, asked } = open({ rows: [rowOf(1)] }, { rows: [rowOf(2)] });
    expect((await findRowsById(feed, [idOf(1)], ['title'])).map(({ version }) => version)).to.deep.equal([
      1n,
    ]);
    expect((asked[0] as RowQuery).select).to.include.members(['createdon', 'title']);
    const matching = await findMatching(feed, "title eq 'x' or title eq 'y'", [idOf(1), idOf(2)]);
    expect([...matching.keys()]).to.deep.equal([idOf(2)]);
    expect((asked[1] as RowQuery).filter).to.equal(
      `(title eq 'x' or title eq 'y') and (incidentid eq ${idOf(1)} or incidentid eq ${idOf(2)})`,
    );
  });

  it('are not asked for if there are none', async () => {
    const { feed, asked } = open();
    expect((await findExisting(feed, [])).size).to.equal(0);
    expect(asked).to.deep.equal([]);
  });
});

describe('feed: columns of the organization', () => {
  const custom = {
    ...caseTable.columns[1]!,
    name: 'new_x',
    logicalName: 'new_x',
    wireName: 'new_x',
    isCustom: true,
  };
  const subscription = { customColumns: [custom] } as unknown as FeedSubscription;
  const item = (n: number, change: PollItem['change'] = 'updated') =>
    ({ id: `${n}`, change, row: { id: idOf(n) } }) as unknown as PollItem;

  it('are added to the rows that are still there, in one request', async () => {
    const { feed, asked } = open({ rows: [{ incidentid: idOf(1), new_x: 'red' }] });
    const items = await addCustomColumns(feed, subscription, [item(1), item(2), item(3, 'deleted')]);
    expect(items.map(({ row }) => row.customColumns)).to.deep.equal([{ new_x: 'red' }, undefined, undefined]);
    expect(asked).to.deep.equal([
      {
        filter: `incidentid eq ${idOf(1)} or incidentid eq ${idOf(2)}`,
        select: ['incidentid', 'new_x'],
        pageSize: 100,
      },
    ]);
  });

  it('are not asked for if none is wanted, or no row is there', async () => {
    const { feed, asked } = open();
    const items = [item(1)];
    expect(await addCustomColumns(feed, {} as FeedSubscription, items)).to.equal(items);
    const gone = [item(1, 'deleted')];
    expect(await addCustomColumns(feed, subscription, gone)).to.equal(gone);
    expect(asked).to.deep.equal([]);
  });
});

describe('feed: followDeltaLink', () => {
  const deleted = (n: number) => ({ '@odata.context': 'x/$deletedEntity', id: idOf(n), reason: 'deleted' });
  const follow = (reader: RowReader, pages = 10, startedMs?: number) =>
    followDeltaLink({
      reader,
      key: 'incidentid',
      url: 'link',
      budget: budgetOf(pages),
      ...(startedMs !== undefined && { startedMs }),
    });

  it('reads all pages: changed rows, deleted ones with the time of their page, and rows without an id', async () => {
    const { reader, asked } = open(
      { rows: [rowOf(1), deleted(2), { title: 'no id' }], nextLink: 'second', serverTimeMs: 10 },
      {
        rows: [deleted(3), rowOf(4, { '@odata.context': 'x/$entity' })],
        deltaLink: 'newer',
        serverTimeMs: 20,
      },
    );
    expect(await follow(reader)).to.deep.equal({
      changedIds: [idOf(1), idOf(4)],
      deleted: [
        { id: idOf(2), atMs: 10 },
        { id: idOf(3), atMs: 20 },
      ],
      deadLetters: [{ title: 'no id' }],
      end: { why: 'done', startedMs: 10, younger: { url: 'newer', atMs: 20 } },
    });
    expect(asked).to.deep.equal(['link', 'second']);
  });

  it('stops at its limit, and keeps the time at which it started', async () => {
    const { reader } = open({ nextLink: 'second', serverTimeMs: 10 });
    expect((await follow(reader, 1)).end).to.deep.equal({ why: 'stopped', startedMs: 10, page: 'second' });
    const { reader: continued } = open({ deltaLink: 'newer', serverTimeMs: 20 });
    expect((await follow(continued, 1, 5)).end).to.deep.include({ why: 'done', startedMs: 5 });
  });

  it('says that the link is refused, passes other errors on, and fails without a new link', async () => {
    expect((await follow(open(requestError('0x0', 'expired', 410)).reader)).end).to.deep.equal({
      why: 'refused',
    });
    expect(await failure(follow(open(requestError('0x0', 'no', 403)).reader))).to.include({
      code: 'ACCESS_DENIED',
    });
    expect(await failure(follow(open({}).reader))).to.include({ code: 'RESPONSE_INVALID' });
  });
});

describe('feed: where a new feed starts', () => {
  it('is one overlap before now, from the highest version on, with the rows that changed last', async () => {
    const { feed, asked } = open({
      rows: [rowOf(4), rowOf(9), { no: 'key' }, rowOf(2)],
      serverTimeMs: 1_000,
    });
    const { cursor, highestVersion, newest } = await readInitialPosition(feed, 600);
    expect(cursor).to.deep.equal({
      readFromMs: 400,
      newSinceMs: 400,
      watermark: { version: 9n, atMs: 1_000 },
    });
    expect(highestVersion).to.equal(9n);
    expect([newest.rows.map(({ version }) => version), newest.completeFrom]).to.deep.equal([
      [4n, 9n, 2n],
      10n,
    ]);
    expect(asked).to.deep.include({
      filter: 'versionnumber gt 0',
      orderBy: 'versionnumber desc',
      select: ['incidentid', 'createdon', 'modifiedon', '_modifiedby_value'],
      pageSize: 100,
    });
  });

  it('has no version if the organization rejects the filter; another error is passed on', async () => {
    const { feed, asked } = open(requestError('0x0', 'no', 400), { rows: [rowOf(4)], serverTimeMs: 1_000 });
    expect((await readInitialPosition(feed, 600)).cursor).to.deep.equal({ readFromMs: 400, newSinceMs: 400 });
    expect(asked[1]).to.include({ orderBy: 'modifiedon desc' });
    expect(await failure(readInitialPosition(open(requestError('0x0', 'no', 403)).feed, 600))).to.include({
      code: 'ACCESS_DENIED',
    });
  });

  it('reads further pages until it has a hundred rows', async () => {
    const page = (from: number, count: number, nextLink?: string) => ({
      rows: Array.from({ length: count }, (_, n) => rowOf(from + n)),
      ...(nextLink !== undefined && { nextLink }),
    });
    const { feed, asked } = open(page(1, 60, 'b'), page(61, 40, 'c'), page(101, 40));
    const rows = await readNewestUpTo(feed, 500n);
    expect([rows.length, asked.length]).to.deep.equal([100, 2]);
    expect(asked[0]).to.include({ filter: 'versionnumber le 500', orderBy: 'versionnumber desc' });
    const few = open(page(1, 60, 'b'), page(61, 39));
    expect((await readNewestUpTo(few.feed, 500n)).length).to.equal(99);
  });
});

describe('feed: scanKeys', () => {
  function scanWith(...answers: readonly (Partial<PollPage> | Error)[]) {
    const opened = open(...answers);
    const dead: WireRow[] = [];
    const read = {
      feed: { ...opened.feed, reader: withServerTime(opened.reader) },
      buffer: new WriteBuffer(opened.feed.services.store),
      budget: budgetOf(2),
      deadLetters: { add: async (row: WireRow) => void dead.push(row) },
    } as unknown as FeedRead;
    return { ...opened, read, dead };
  }

  it('saves the ids of each page, and ends with a delta link', async () => {
    const { read, dead, asked } = scanWith(
      { rows: [rowOf(1), { no: 'key' }], nextLink: 'b' },
      { rows: [rowOf(2)], deltaLink: 'delta', serverTimeMs: 7 },
    );
    const result = await scanKeys({ lists: [] }, read);
    expect(result).to.deep.include({ done: { url: 'delta', atMs: 7 } });
    const { lists } = result as { readonly lists: readonly string[] };
    expect(await readIdLists(read, lists)).to.deep.equal(new Set([idOf(1), idOf(2)]));
    expect(dead).to.deep.equal([{ no: 'key' }]);
    expect(asked).to.deep.equal([{ select: ['incidentid'], pageSize: 5_000 }, 'b']);
  });

  it('stops at its limit and continues from there, without a list for a page without rows', async () => {
    const { read } = scanWith({ nextLink: 'b' }, { rows: [rowOf(1)], nextLink: 'c' });
    const { on } = (await scanKeys({ lists: ['earlier'] }, read)) as {
      on: { page: string; lists: string[] };
    };
    expect([on.page, on.lists.length, on.lists[0]]).to.deep.equal(['c', 2, 'earlier']);
    const { read: next, asked } = scanWith({ deltaLink: 'd' });
    expect(await scanKeys(on, next)).to.deep.include({ lists: on.lists });
    expect(asked).to.deep.equal(['c']);
  });

  it('starts again if the link of its page has expired', async () => {
    const { read } = scanWith(requestError('0x0', 'expired', 410));
    expect(await scanKeys({ page: 'b', lists: ['earlier'] }, read)).to.deep.equal({ on: { lists: [] } });
  });

  it('advises to turn on change tracking if it is refused, and passes other errors on as they are', async () => {
    for (const status of [400, 403]) {
      const error = await failure(scanKeys({ lists: [] }, scanWith(requestError('0x0', 'no', status)).read));
      expect(error?.details.advice, String(status)).to.include('change tracking for incident');
    }
    for (const other of [requestError('0x0', 'no', 404), new Error('no connection')]) {
      const { read } = scanWith(other);
      expect(await failure(scanKeys({ lists: [] }, read))).to.equal(other);
    }
  });
});

describe('feed: the time of the organization', () => {
  it('is the latest of all answers, of whatever kind of request', async () => {
    const { reader } = open(...[5, 9, 7, 11, 13].map((serverTimeMs) => ({ serverTimeMs })));
    const timed = withServerTime(reader);
    expect(timed.serverTimeMs()).to.equal(0);
    const times: number[] = [];
    for (const ask of [
      () => timed.read({ select: [], pageSize: 1 }),
      () => timed.find('x'),
      () => timed.next('x'),
      () => timed.trackChanges({ select: [], pageSize: 1 }),
      () => timed.follow('x'),
    ]) {
      await ask();
      times.push(timed.serverTimeMs());
    }
    expect(times).to.deep.equal([5, 9, 9, 11, 13]);
  });
});

describe('sampleTrigger: requests and items', () => {
  const sample = async (watch: Partial<FeedSubscription['trigger']['watch']>, filter?: string) => {
    const rows = [rowOf(1, { followupby: '2026-01-03T00:00:00Z' }), { no: 'key' }, rowOf(2), rowOf(3)];
    const { feed, asked } = open({ rows, serverTimeMs: Date.UTC(2026, 0, 9) });
    const trigger = {
      id: 't',
      watch: { changes: ['updated'], columns: [], where: [], intervalMs: 1, ...watch },
    };
    const items = await sampleTrigger(feed, { trigger, params: {}, filter } as FeedSubscription, 3);
    return { items, query: asked[0] as RowQuery };
  };

  it('reads the rows that changed last, as many as are wanted', async () => {
    const { items, query } = await sample({});
    expect(items.map(({ change, row, epoch, sequence }) => [change, row.id, epoch, sequence])).to.deep.equal([
      ['updated', idOf(1), 0, 0],
      ['updated', idOf(2), 0, 0],
    ]);
    expect(query).to.include({ filter: undefined, orderBy: 'modifiedon desc,incidentid asc', pageSize: 3 });
  });

  it('reads the rows that were created last for a trigger of creations', async () => {
    const { items, query } = await sample({ changes: ['created'] }, 'prioritycode eq 1');
    expect(items.map(({ change }) => change)).to.deep.equal(['created', 'created']);
    expect(query).to.include({ filter: '(prioritycode eq 1)', orderBy: 'createdon desc,incidentid asc' });
  });

  it('reads the latest deadlines; one that cannot be read has the present time', async () => {
    const { items, query } = await sample({ due: 'dueOn' }, 'prioritycode eq 1');
    expect(items.map(({ change, at }) => [change, at])).to.deep.equal([
      ['due', '2026-01-03T00:00:00.000Z'],
      ['due', '2026-01-09T00:00:00.000Z'],
    ]);
    expect(query).to.include({
      filter: '(prioritycode eq 1) and followupby ne null',
      orderBy: 'followupby desc,incidentid asc',
    });
  });

  it('has the id only, and the present time, for deletions', async () => {
    const { items } = await sample({ changes: ['deleted'] });
    expect(items.map(({ change, at, row }) => [change, at, row])).to.deep.equal([
      ['deleted', '2026-01-09T00:00:00.000Z', { id: idOf(1) }],
      ['deleted', '2026-01-09T00:00:00.000Z', { id: idOf(2) }],
    ]);
  });
});
