import { expect } from 'chai';
import type { ChangedEntry } from '../../src/feed/feed-log.ts';
import { countRowItems, type RecentItems } from '../../src/feed/loop-guard.ts';

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
});
