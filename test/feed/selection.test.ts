import { expect } from 'chai';
import {
  comparedColumns,
  coversNeeds,
  type Feed,
  type FeedNeeds,
  type FeedSubscription,
  mergeNeeds,
  needsOf,
  type ResolvedWatch,
} from '../../src/feed/feed.ts';
import type {
  ChangedEntry,
  DeletedEntry,
  DueEntry,
  FeedEntry,
  LoggedEntry,
} from '../../src/feed/feed-log.ts';
import { withoutOwnWrites } from '../../src/feed/own-writes.ts';
import type { PollPage, RowQuery } from '../../src/feed/row-reader-port.ts';
import {
  applyFilter,
  type SelectedChange,
  selectLeaving,
  selectWatched,
} from '../../src/feed/select-changes.ts';
import { standardStrategy } from '../../src/feed/strategy.ts';
import { toDeletedItem, toDueItem, toItem } from '../../src/feed/to-items.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { caseTable, contextOf, feedKey } from './fixtures.ts';

const userId = '00000000-0000-4000-8000-0000000000aa';
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const due = '2026-01-02T10:00:00Z';
const dueMs = Date.parse(due);

const changed = (n: number, part: Partial<ChangedEntry> = {}): ChangedEntry => ({
  kind: 'changed',
  id: idOf(n),
  version: String(n),
  createdMs: 1,
  modifiedMs: 2,
  isNew: false,
  changedColumns: [],
  uncertainColumns: [],
  row: {},
  atMs: dueMs + 1_000,
  ...part,
});
const deleted = (n: number): DeletedEntry => ({ kind: 'deleted', id: idOf(n), atMs: 5 });
const dueEntry = (n: number, column = 'followupby', row: JsonObject = { followupby: due }): DueEntry => {
  const { kind: _, isNew: __, changedColumns: ___, uncertainColumns: ____, ...facts } = changed(n, { row });
  return { ...facts, kind: 'due', column };
};
const logged = (entry: FeedEntry, sequence = 1): LoggedEntry => ({ epoch: 0, sequence, entry });

const subscribe = (
  watch: Partial<ResolvedWatch>,
  rest: Partial<FeedSubscription> = {},
): FeedSubscription => ({
  trigger: {
    id: 'case.changed',
    watch: { changes: ['updated'], columns: [], where: [], intervalMs: 1, ...watch },
  },
  params: {},
  ...rest,
});

/** A feed whose reader answers with these rows, in pages. */
function feedWith(...pages: (readonly JsonObject[])[]): Feed & { readonly queries: RowQuery[] } {
  const queries: RowQuery[] = [];
  const pageAt = (n: number): PollPage => ({
    rows: pages[n] ?? [],
    serverTimeMs: 0,
    ...(n + 1 < pages.length && { nextLink: String(n + 1) }),
  });
  const reader = {
    read: async (query: RowQuery) => {
      queries.push(query);
      return pageAt(0);
    },
    next: async (link: string) => pageAt(Number(link)),
  } as unknown as Feed['reader'];
  return { key: feedKey, ...contextOf(reader), queries };
}

describe('feed: what subscriptions need', () => {
  const none: FeedNeeds = { changes: false, columns: [], deletions: false, due: [], logged: [] };

  it('is the union of the changes, columns, deletions and deadlines that they watch', () => {
    const needs = needsOf(
      [
        subscribe({ changes: ['deleted'] }),
        subscribe({ columns: ['title', 'queue'] }),
        subscribe({ changes: ['created', 'updated'], columns: ['title'] }),
        subscribe({ due: 'dueOn' }),
      ],
      caseTable,
    );
    expect(needs).to.deep.equal({
      changes: true,
      columns: ['title', '_queueid_value'],
      deletions: true,
      due: ['followupby'],
      logged: [],
    });
    expect(needsOf([subscribe({ changes: ['deleted'] })], caseTable)).to.deep.equal({
      ...none,
      deletions: true,
    });
    expect(needsOf([subscribe({})], caseTable)).to.deep.equal({ ...none, changes: true });
  });

  it('of a table that was read from metadata, has all its columns in the log', () => {
    const table = { ...caseTable, name: 'record:new_x' };
    const { logged: columns } = needsOf([subscribe({})], table);
    expect(columns).to.deep.equal(caseTable.columns.map(({ wireName }) => wireName));
  });

  it('compares the watched columns, or all that not every write changes, where own writes are ignored', () => {
    const ownWrites = { userId, memory: { find: async () => new Map() } };
    const all = caseTable.columns.map(({ wireName }) => wireName).filter((name) => name !== 'modifiedon');
    const of = (watch: Partial<ResolvedWatch>, own: FeedSubscription['ownWrites'] = ownWrites) =>
      comparedColumns(subscribe(watch, { ownWrites: own }), caseTable);
    expect(of({})).to.deep.equal(all);
    expect(of({ columns: ['title'] })).to.deep.equal(['title']);
    expect(of({ changes: ['created'] })).to.deep.equal([]);
    expect(comparedColumns(subscribe({}), caseTable)).to.deep.equal([]);
    expect(needsOf([subscribe({}, { ownWrites })], caseTable).columns).to.deep.equal(all);
  });

  it('merges without repetitions, and covers what it includes', () => {
    const a: FeedNeeds = { ...none, changes: true, columns: ['x'], due: ['d'], logged: ['l'] };
    const b: FeedNeeds = {
      ...none,
      deletions: true,
      columns: ['y', 'x'],
      due: ['d', 'e'],
      logged: ['m', 'l'],
    };
    const both = mergeNeeds(a, b);
    expect(both).to.deep.equal({
      changes: true,
      columns: ['x', 'y'],
      deletions: true,
      due: ['d', 'e'],
      logged: ['l', 'm'],
    });
    expect(mergeNeeds(b, a)).to.include({ changes: true, deletions: true });
    expect(mergeNeeds(none, none)).to.deep.equal(none);
    for (const needs of [none, a, b, both]) expect(coversNeeds(both, needs)).to.equal(true);
    for (const part of ['changes', 'columns', 'deletions', 'due', 'logged'] as const)
      expect(coversNeeds({ ...both, [part]: none[part] }, both), part).to.equal(false);
    expect(coversNeeds(none, none)).to.equal(true);
  });
});

describe('feed: selectWatched', () => {
  const select = (subscription: FeedSubscription, ...entries: FeedEntry[]) =>
    selectWatched(
      feedWith(),
      subscription,
      entries.map((entry, at) => logged(entry, at + 1)),
      { activatedMs: 0, strategy: standardStrategy },
    );
  const kinds = (subscription: FeedSubscription, ...entries: FeedEntry[]) =>
    select(subscription, ...entries).map(({ change, sequence }) => [change, sequence]);

  it('takes the kinds of change that are watched, with their place in the log', () => {
    const entries = [changed(1, { isNew: true }), changed(2), deleted(3), dueEntry(4)];
    expect(kinds(subscribe({ changes: ['created'] }), ...entries)).to.deep.equal([['created', 1]]);
    expect(kinds(subscribe({ changes: ['deleted'] }), ...entries)).to.deep.equal([['deleted', 3]]);
    expect(kinds(subscribe({ changes: ['created', 'updated', 'deleted'] }), ...entries)).to.deep.equal([
      ['created', 1],
      ['updated', 2],
      ['deleted', 3],
    ]);
  });

  it('takes changes of watched columns, and says if one is uncertain', () => {
    const watching = subscribe({ columns: ['title'] });
    const entries = [
      changed(1, { changedColumns: ['title'] }),
      changed(2, { uncertainColumns: ['title'] }),
      changed(3, { changedColumns: ['prioritycode'] }),
    ];
    const selected = select(watching, ...entries);
    expect(selected.map(({ sequence }) => sequence)).to.deep.equal([1, 2]);
    expect(selected.map((each) => 'isUncertain' in each && each.isUncertain)).to.deep.equal([false, true]);
  });

  it('takes changes to a value only', () => {
    const watching = subscribe({ columns: ['priority'], changedTo: { priority: 'high' } });
    const changedColumns = ['prioritycode'];
    expect(
      kinds(
        watching,
        changed(1, { changedColumns, row: { prioritycode: 1 } }),
        changed(2, { changedColumns, row: { prioritycode: 2 } }),
      ),
    ).to.deep.equal([['updated', 1]]);
  });

  it('leaves out the changes of a user, in any case, but no deletion', () => {
    const ignoring = subscribe(
      { changes: ['updated', 'deleted'] },
      { ignoreChangesBy: userId.toUpperCase() },
    );
    const entries = [
      changed(1, { modifiedBy: userId }),
      changed(2, { modifiedBy: idOf(9) }),
      changed(3),
      deleted(4),
    ];
    expect(kinds(ignoring, ...entries).map(([, sequence]) => sequence)).to.deep.equal([2, 3, 4]);
    expect(kinds(subscribe({ changes: ['updated'] }), ...entries).length).to.equal(3);
    expect(
      selectLeaving(
        ignoring,
        entries.map((entry, at) => logged(entry, at + 1)),
      ),
    ).to.deep.equal([
      { change: 'left', epoch: 0, sequence: 2, entry: entries[1], dueMs: 0 },
      { change: 'left', epoch: 0, sequence: 3, entry: entries[2], dueMs: 0 },
    ]);
    expect(selectLeaving(subscribe({}), [logged(entries[0]!), logged(dueEntry(5))]).length).to.equal(1);
  });

  it('takes deadlines that passed after the activation, by their time or with a later change of the row', () => {
    const watching = subscribe({ due: 'dueOn' });
    const of = (entry: FeedEntry, activatedMs = 0) =>
      selectWatched(feedWith(), watching, [logged(entry)], { activatedMs, strategy: standardStrategy })
        .length;
    const row = { followupby: due };
    expect(of(dueEntry(1))).to.equal(1);
    expect(of(changed(1, { row }))).to.equal(1);
    expect(of(dueEntry(1, 'another'))).to.equal(0);
    expect(of(deleted(1))).to.equal(0);
    expect(of(changed(1))).to.equal(0);
    expect(of(changed(1, { row, atMs: dueMs }))).to.equal(1);
    expect(of(changed(1, { row, atMs: dueMs - 1 }))).to.equal(0);
    expect(of(dueEntry(1), dueMs - 1)).to.equal(1);
    expect(of(dueEntry(1), dueMs)).to.equal(0);
    const [selected] = select(watching, dueEntry(1));
    expect(selected).to.include({ change: 'due', dueMs, dueColumn: 'followupby' });
  });
});

describe('feed: applyFilter', () => {
  const of = (
    entry: ChangedEntry,
    change: 'created' | 'updated' = 'updated',
    sequence = 1,
  ): SelectedChange => ({
    change,
    epoch: 0,
    sequence,
    entry,
    dueMs: 0,
  });
  const gone: SelectedChange = { change: 'deleted', epoch: 0, sequence: 9, entry: deleted(9) };
  const ids = (changes: readonly SelectedChange[]) => changes.map(({ entry }) => Number(entry.id.slice(-3)));

  it('takes all without a filter, and asks for nothing without changes', async () => {
    const feed = feedWith();
    const changes = [of(changed(1)), gone];
    expect(await applyFilter(feed, undefined, changes)).to.deep.equal({ matching: changes, others: [] });
    expect(await applyFilter(feed, "title eq 'x'", [])).to.deep.equal({ matching: [], others: [] });
    expect(feed.queries).to.deep.equal([]);
  });

  it('judges by the row in the log if that tells, and takes every deletion', async () => {
    const feed = feedWith();
    const rows = [
      of(changed(1, { row: { prioritycode: 1 } })),
      of(changed(2, { row: { prioritycode: 2 } })),
      gone,
    ];
    const { matching, others } = await applyFilter(feed, 'prioritycode eq 1', rows);
    expect([ids(matching), ids(others)]).to.deep.equal([[1, 9], [2]]);
    expect(ids((await applyFilter(feed, 'prioritycode eq 1', rows.slice(1, 2))).others)).to.deep.equal([2]);
    expect(feed.queries).to.deep.equal([]);
  });

  it('asks Dataverse if a row lacks a column of the filter, and takes the present row', async () => {
    const feed = feedWith([{ incidentid: idOf(1), prioritycode: 1, title: 'now' }]);
    const { matching, others } = await applyFilter(feed, 'prioritycode eq 1', [
      of(changed(1)),
      of(changed(2)),
      gone,
    ]);
    expect([ids(matching), ids(others)]).to.deep.equal([[1, 9], [2]]);
    expect(matching[0]!.entry).to.deep.include({
      row: { incidentid: idOf(1), prioritycode: 1, title: 'now' },
    });
    expect(feed.queries.map(({ filter }) => filter)).to.deep.equal([
      `(prioritycode eq 1) and (incidentid eq ${idOf(1)} or incidentid eq ${idOf(2)})`,
    ]);
  });

  it('counts the changes of one row as one then, as created if it was', async () => {
    const feed = feedWith([1, 2, 3].map((n) => ({ incidentid: idOf(n) })));
    const changes = [
      of(changed(1), 'created', 1),
      of(changed(2), 'updated', 2),
      of(changed(1), 'updated', 3),
      of(changed(3), 'updated', 4),
      of(changed(2), 'created', 5),
    ];
    const { matching } = await applyFilter(feed, "contains(title,'x')", changes);
    expect(matching.map(({ change, sequence }) => [change, sequence])).to.deep.equal([
      ['created', 3],
      ['updated', 4],
      ['created', 5],
    ]);
  });

  it('reports each deadline of a row once, at its first entry, unless it has moved meanwhile', async () => {
    const at = (n: number, ms: number, sequence: number): SelectedChange => ({
      change: 'due',
      epoch: 0,
      sequence,
      entry: dueEntry(n),
      dueMs: ms,
      dueColumn: 'followupby',
    });
    const feed = feedWith([
      { incidentid: idOf(1), followupby: due },
      { incidentid: idOf(2), followupby: '2027-01-01T00:00:00Z' },
    ]);
    const changes = [at(1, dueMs, 1), at(2, dueMs, 2), at(1, dueMs, 3), at(3, dueMs, 4), at(1, dueMs - 1, 5)];
    const { matching, others } = await applyFilter(feed, "contains(title,'x')", changes);
    expect(matching.map(({ sequence }) => sequence)).to.deep.equal([1]);
    expect(others.map(({ sequence }) => sequence)).to.deep.equal([2, 4, 5]);
  });
});

describe('feed: withoutOwnWrites', () => {
  const strategy = { ...standardStrategy, isOwnChange: ({ id }: ChangedEntry) => id === idOf(1) };
  const entries = [changed(1), changed(2), deleted(1), changed(3)].map((entry, at) => logged(entry, at));
  const asked: (readonly string[])[] = [];
  const ownWrites = (own: readonly number[]) => ({
    userId,
    memory: {
      async find(ids: readonly string[]) {
        asked.push(ids);
        return new Map(own.map((n) => [idOf(n), []]));
      },
    },
  });
  const left = async (subscription: FeedSubscription, all: readonly LoggedEntry[] = entries) =>
    (await withoutOwnWrites({ table: caseTable }, subscription, { logged: all, strategy })).map(
      ({ sequence }) => sequence,
    );

  it('leaves out changes that are only our own, and asks once for all rows that changed', async () => {
    asked.length = 0;
    expect(await left(subscribe({}, { ownWrites: ownWrites([1, 2]) }))).to.deep.equal([1, 2, 3]);
    expect(asked).to.deep.equal([[idOf(1), idOf(2), idOf(3)]]);
    expect(await left(subscribe({}, { ownWrites: ownWrites([2]) }))).to.deep.equal([0, 1, 2, 3]);
  });

  it('asks for nothing if nothing is ignored or changed, or deadlines are watched', async () => {
    asked.length = 0;
    expect(await left(subscribe({}))).to.deep.equal([0, 1, 2, 3]);
    expect(await left(subscribe({ due: 'dueOn' }, { ownWrites: ownWrites([1]) }))).to.deep.equal([
      0, 1, 2, 3,
    ]);
    const none = [logged(deleted(1), 7), logged(dueEntry(1), 8)];
    expect(await left(subscribe({}, { ownWrites: ownWrites([1]) }), none)).to.deep.equal([7, 8]);
    expect(asked).to.deep.equal([]);
  });
});

describe('feed: items', () => {
  const shape = (row: JsonObject | null) => ({ shaped: row });
  const source = (entry: ChangedEntry, epoch = 0) => ({ epoch, sequence: 4, entry });

  it('have the time of the change, or of the creation, and an id that depends on it', () => {
    const entry = changed(1, { createdMs: 1_000, modifiedMs: 2_000, modifiedBy: userId });
    const updated = toItem('t', shape, source(entry), 'updated');
    expect(updated).to.deep.include({
      change: 'updated',
      at: new Date(2_000).toISOString(),
      epoch: 0,
      sequence: 4,
      version: '1',
      by: userId,
      row: { shaped: {} },
    });
    const created = toItem('t', shape, source(entry), 'created');
    expect(created.at).to.equal(new Date(1_000).toISOString());
    const later = { ...entry, version: '2', modifiedMs: 3_000 };
    expect(toItem('t', shape, source(later), 'created').id).to.equal(created.id);
    expect(toItem('t', shape, source(later), 'updated').id).not.to.equal(updated.id);
    expect(toItem('t', shape, source(entry, 1), 'updated').id).not.to.equal(updated.id);
    const restored = toItem('t', shape, source(entry, 1), 'updated');
    expect(toItem('t', shape, source(entry, 2), 'updated').id).not.to.equal(restored.id);
    const evaluated = { ...source(entry), evaluatedAfterMs: 5 };
    expect(toItem('t', shape, evaluated, 'updated').id).not.to.equal(updated.id);
  });

  it('of a deadline have its time; of a deletion, the id of the row only', () => {
    const item = toDueItem('t', shape, source(changed(1)), dueMs);
    expect(item).to.deep.include({ change: 'due', at: new Date(dueMs).toISOString(), row: { shaped: {} } });
    expect(toDueItem('t', shape, source(changed(1)), dueMs + 1).id).not.to.equal(item.id);
    const gone = toDeletedItem('t', caseTable, { epoch: 0, sequence: 4, entry: deleted(1) });
    expect(gone).to.deep.include({ change: 'deleted', at: new Date(5).toISOString(), row: { id: idOf(1) } });
  });
});
