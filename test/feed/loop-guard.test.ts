import { expect } from 'chai';
import type { ChangedEntry } from '../../src/feed/feed-log.ts';
import {
  countRowItems,
  defaultMaxRowItems,
  type RecentItems,
  timeSinceLast,
} from '../../src/feed/loop-guard.ts';

const entry = (id: string, seconds: number, secondsSinceLast?: number): ChangedEntry => ({
  kind: 'changed',
  id,
  version: '1',
  createdMs: 0,
  modifiedMs: seconds * 1000,
  isNew: false,
  sinceLastMs: secondsSinceLast === undefined ? undefined : secondsSinceLast * 1000,
  changedColumns: [],
  uncertainColumns: [],
  row: {},
  atMs: seconds * 1000,
});

/** Counts the items of polls that follow each other. */
function count(polls: readonly (readonly ChangedEntry[])[], maxRowItems: number) {
  let recent: RecentItems = {};
  return polls.map((entries) => {
    const counted = countRowItems(recent, entries, maxRowItems);
    ({ recent } = counted);
    return counted;
  });
}

describe('feed: countRowItems', () => {
  it('finds a row that is reported more often than allowed within a minute', () => {
    const polls = Array.from({ length: 5 }, (_, at) => [entry('a', at * 10, at === 0 ? undefined : 10)]);
    const loops = count(polls, 3).map(({ loop }) => loop);
    expect(loops).to.deep.equal([undefined, undefined, undefined, undefined, { rowId: 'a', items: 4 }]);
  });

  it('counts a slow row again with each minute', () => {
    const polls = Array.from({ length: 30 }, (_, at) => [entry('a', at * 25, at === 0 ? undefined : 25)]);
    expect(count(polls, 3).every(({ loop }) => loop === undefined)).to.equal(true);
  });

  it('remembers only rows that are reported again', () => {
    const many = Array.from({ length: 1000 }, (_, at) => entry(String(at), 0));
    const [first, second] = count([many, [entry('7', 1, 1)]], 3);
    expect(first!.recent).to.deep.equal({});
    expect(second!.recent).to.deep.equal({ 7: [0, 1] });
  });

  it('forgets a row after a minute', () => {
    const [, second] = count([[entry('a', 0, 1)], [entry('b', 61, 1)]], 3);
    expect(Object.keys(second!.recent)).to.deep.equal(['b']);
  });

  it('counts within a minute to the millisecond, and starts again after it', () => {
    const before: RecentItems = { a: [1_000_000, 5] };
    const own = (seconds: number) => countRowItems(before, [entry('a', seconds, 1)], 30).recent;
    expect(own(1_059.999)).to.deep.equal({ a: [1_000_000, 6] });
    expect(own(1_060)).to.deep.equal({ a: [1_060_000, 1] });
    const other = (seconds: number) =>
      Object.keys(countRowItems(before, [entry('b', seconds, 1)], 30).recent);
    expect(other(1_059.999)).to.deep.equal(['a', 'b']);
    expect(other(1_060)).to.deep.equal(['b']);
  });

  it('names the row with the most items, and the first of several', () => {
    const before: RecentItems = { a: [0, 3], b: [0, 3], c: [0, 4] };
    const [a, b, c] = ['a', 'b', 'c'].map((id) => entry(id, 1, 1));
    expect(countRowItems(before, [a!, b!], 3).loop).to.deep.equal({ rowId: 'a', items: 4 });
    expect(countRowItems(before, [a!, c!, b!], 3).loop).to.deep.equal({ rowId: 'c', items: 5 });
  });

  it('allows 30 items of a row within a minute, if nothing else is set', () => {
    const items = (count: number) =>
      countRowItems({ a: [0, count - 1] }, [entry('a', 1, 1)], defaultMaxRowItems).loop;
    expect(items(30)).to.equal(undefined);
    expect(items(31)).to.deep.equal({ rowId: 'a', items: 31 });
  });

  it('knows the time between two changes of a row if it is less than a minute, and none below 0', () => {
    const times = [1_000_000, 1_059_999, 1_060_000, 999_000].map((ms) => timeSinceLast(1_000_000, ms));
    expect(times).to.deep.equal([0, 59_999, undefined, 0]);
  });
});
