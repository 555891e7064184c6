import { expect } from 'chai';
import type { CheckpointContent } from '../../src/feed/checkpoint.ts';
import type { FeedSubscription, ResolvedWatch } from '../../src/feed/feed.ts';
import { createHead, type FeedHead } from '../../src/feed/feed-head.ts';
import { type LogStep, reevaluateFilter } from '../../src/feed/reevaluate-filter.ts';
import type { RowQuery, RowReader } from '../../src/feed/row-reader-port.ts';
import type { SelectedChange } from '../../src/feed/select-changes.ts';
import { contextOf, feedKey, minute, type PollRequest } from './fixtures.ts';
import { type Answer, changed, idOf, openRead, rowOf, start } from './scripted-read.ts';
import { SimulatedHost } from './simulated-host.ts';
import { SimulatedOrg } from './simulated-org.ts';

/** The filter reads a related row, whose value the simulated rows have as a column. */
const request: Partial<PollRequest> = { filter: "account/name eq 'a'", isReevaluated: true };

function setUp(watch: Partial<ResolvedWatch> = { changes: ['updated'] }) {
  const org = new SimulatedOrg();
  const context = contextOf(org.reader, watch);
  const host = new SimulatedHost(context);
  /** The related row changes, and the row itself does not. */
  const relate = (id: string, account: string) => {
    const row = org.rows.get(id)!;
    org.rows.set(id, { ...row, columns: { ...row.columns, account } });
  };
  const poll = async (minutes = 0) => {
    org.wait(minutes * minute);
    const { items } = await host.round(request);
    return items.map(({ change, row }) => `${change} ${row.id}`);
  };
  return { org, host, relate, poll };
}

describe('poll: a filter on related rows', () => {
  it('reports a row that comes to match without a change with the next slow check, once', async () => {
    const { org, relate, poll } = setUp();
    const [first, second] = [
      org.insert({ columns: { account: 'a' } }),
      org.insert({ columns: { account: 'b' } }),
    ];
    expect(await poll()).to.deep.equal([]);
    relate(second, 'a');
    expect(await poll(1)).to.deep.equal([]);
    expect(await poll(15)).to.deep.equal([`updated ${second}`]);
    for (let checks = 0; checks < 3; checks++) expect(await poll(16)).to.deep.equal([]);
    org.update(first);
    expect(await poll(1)).to.deep.equal([`updated ${first}`]);
    expect(await poll(16)).to.deep.equal([]);
  });

  it('reports it again, with another id, if it has left meanwhile', async () => {
    const { org, host, relate, poll } = setUp();
    const id = org.insert({ columns: { account: 'b' } });
    await poll();
    relate(id, 'a');
    expect(await poll(16)).to.deep.equal([`updated ${id}`]);
    relate(id, 'b');
    expect(await poll(16)).to.deep.equal([]);
    relate(id, 'a');
    expect(await poll(16)).to.deep.equal([`updated ${id}`]);
    expect(host.saved.delivered.size).to.equal(2);
  });

  it('reports a row that changed while it did not match', async () => {
    const { org, relate, poll } = setUp();
    const id = org.insert({ columns: { account: 'a' } });
    await poll();
    relate(id, 'b');
    org.update(id);
    expect(await poll(1)).to.deep.equal([]);
    relate(id, 'a');
    expect(await poll(15)).to.deep.equal([`updated ${id}`]);
  });

  it('returns the same items to a host that did not save the checkpoint', async () => {
    const { org, host, relate, poll } = setUp();
    const id = org.insert({ columns: { account: 'b' } });
    await poll();
    relate(id, 'a');
    org.wait(16 * minute);
    const lost = await host.round(request, 'before-delivery');
    const again = await host.round(request);
    expect(lost.items).to.have.length(1);
    expect(again.items.map((item) => item.id)).to.deep.equal(lost.items.map((item) => item.id));
    expect(await poll(16)).to.deep.equal([]);
  });

  it('reports a row that no longer matches as left, if it was reported', async () => {
    const { org, relate, poll } = setUp({ changes: ['updated', 'left'] });
    const [reported, old] = [
      org.insert({ columns: { account: 'a' } }),
      org.insert({ columns: { account: 'a' } }),
    ];
    await poll();
    org.update(reported);
    expect(await poll(1)).to.deep.equal([`updated ${reported}`]);
    relate(reported, 'b');
    relate(old, 'b');
    expect(await poll(15)).to.deep.equal([`left ${reported}`]);
    expect(await poll(16)).to.deep.equal([]);
  });

  it('is not evaluated with more than 5,000 rows, which the log says by name', async () => {
    const org = new SimulatedOrg();
    const id = (row: number) => `00000000-0000-4000-8000-${String(row).padStart(12, '0')}`;
    let rows = 5000;
    const read: RowReader['read'] = async (query) => {
      const page = await org.reader.read(query);
      if (query.filter !== request.filter) return page;
      return { ...page, rows: Array.from({ length: rows }, (_, row) => ({ incidentid: id(row) })) };
    };
    const context = contextOf({ ...org.reader, read }, { changes: ['updated'] });
    const host = new SimulatedHost(context);
    await host.round(request);
    expect(context.logged).to.deep.equal([]);
    rows = 5001;
    org.wait(16 * minute);
    await host.round(request);
    const fields = { trigger: 'case.changed', table: 'case', maxRows: 5000 };
    expect(context.logged).to.deep.equal([{ level: 'warn', event: 'feed.filter-too-wide', fields }]);
  });
});

describe('feed: the evaluation of a filter on related rows', () => {
  const filter = "account/name eq 'a'";
  const place: CheckpointContent = {
    activationId: idOf(200),
    feedKey,
    feedId: idOf(100),
    epoch: 0,
    offset: 100,
    activatedMs: start,
    since: { readFromMs: start, newSinceMs: start },
    isActivating: false,
  };
  const head: FeedHead = {
    ...createHead(idOf(100)),
    sequence: 100,
    readAtMs: start,
    checkedAtMs: start,
    highestVersion: 9n,
  };

  /** Evaluations one after another, each in a step of the log. */
  function open(answers: readonly Answer[], watch: Partial<ResolvedWatch> = {}) {
    const { read, asked } = openRead(answers);
    const logged: string[] = [];
    const services = {
      ...read.feed.services,
      log: ({ event }: { event: string }) => void logged.push(event),
    };
    const feed = { ...read.feed, services };
    const { trigger } = contextOf(feed.reader, { changes: ['updated'], ...watch });
    let evaluatedMs: number | undefined;
    const evaluate = async (
      atMs: number,
      step: Partial<LogStep> = {},
      subscription: Partial<FeedSubscription> = {},
    ) => {
      const context = {
        feed,
        head: { ...head, readAtMs: atMs, checkedAtMs: atMs },
        subscription: { trigger, params: {}, filter, isReevaluated: true, ...subscription },
        place: { ...place, evaluatedMs },
      };
      const log = { entries: [], selected: [], judgedIds: new Set<string>(), place, hasMore: false, ...step };
      const { changes, ...result } = await reevaluateFilter(context, log);
      ({ evaluatedMs } = result);
      return changes;
    };
    return { asked: asked as RowQuery[], logged, evaluate };
  }

  const page = (...numbers: readonly number[]) => ({ rows: numbers.map((n) => rowOf(n)) });
  const inShort = ({ change, entry }: SelectedChange) => `${change} ${entry.id.slice(-1)}`;

  it('is not made for a filter on the row alone, or without a filter', async () => {
    const { evaluate, asked } = open([]);
    expect(await evaluate(start, {}, { isReevaluated: undefined })).to.deep.equal([]);
    expect(await evaluate(start, {}, { filter: undefined })).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });

  it('reports a row that came to match as it is now, with no column of its own changed', async () => {
    const { evaluate } = open([page(1), page(1, 2), page(2)]);
    expect(await evaluate(start)).to.deep.equal([]);
    const [change] = await evaluate(start + 1);
    expect(change).to.deep.include({ change: 'updated', sequence: 100, evaluatedAfterMs: start });
    expect(change?.entry).to.deep.include({
      id: idOf(2),
      isNew: false,
      changedColumns: [],
      uncertainColumns: [],
      atMs: start + 1,
    });
  });

  it('reports only what is watched: no row that came to match for a trigger with columns, or on creations', async () => {
    for (const watch of [{ columns: ['priority'] }, { changes: ['created'] as const }]) {
      const { evaluate } = open([page(1), page(1, 2), page(2)], watch);
      await evaluate(start);
      expect(await evaluate(start + 1)).to.deep.equal([]);
    }
  });

  it('asks about rows that changed, except those that the log has judged', async () => {
    const { evaluate, asked } = open([page(1), page(2), page(1, 2, 3)]);
    await evaluate(start);
    const entries = [1, 2, 3].map((n) => ({ epoch: 0, sequence: 100 + n, entry: changed(n) }));
    const created = { change: 'created' as const, epoch: 0, sequence: 103, dueMs: 0, entry: changed(3) };
    const judgedIds = new Set([idOf(1), idOf(3)]);
    const entered = await evaluate(start + 1, { entries, selected: [created], judgedIds });
    expect(asked[1]?.filter).to.equal(`(${filter}) and (incidentid eq ${idOf(2)})`);
    expect(asked[3]?.filter, 'a row that left, as the log says').to.include(idOf(1)).and.not.include(idOf(3));
    expect(entered).to.deep.equal([]);
  });

  it('reads all pages of the rows that match', async () => {
    const { evaluate, logged } = open([{ ...page(1), nextLink: 'b' }, page(2), page(1, 2)]);
    await evaluate(start);
    expect(await evaluate(start + 1)).to.deep.equal([]);
    expect(logged).to.deep.equal([]);
  });

  it('ends with 5,000 rows if there are more', async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => ({ incidentid: idOf(n) }));
    const { evaluate, asked, logged } = open([{ rows, nextLink: 'b' }]);
    await evaluate(start);
    expect([asked.length, logged]).to.deep.equal([1, ['feed.filter-too-wide']]);
  });

  it('reports a row as left that only an evaluation has reported', async () => {
    const { evaluate } = open([page(), page(2), page(2), page(), page(2)], { changes: ['updated', 'left'] });
    await evaluate(start);
    expect((await evaluate(start + 1)).map(inShort)).to.deep.equal(['updated 2']);
    expect((await evaluate(start + 2)).map(inShort)).to.deep.equal(['left 2']);
  });
});
