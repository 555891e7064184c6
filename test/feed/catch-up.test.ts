import { expect } from 'chai';
import { readCatchUp, startCatchUp } from '../../src/feed/catch-up.ts';
import type { CatchUpPosition } from '../../src/feed/checkpoint.ts';
import { createHead } from '../../src/feed/feed-head.ts';
import type { RowQuery, WireRow } from '../../src/feed/row-reader-port.ts';
import { standardStrategy } from '../../src/feed/strategy.ts';
import { type Answer, iso, openRead, rowOf, start } from './scripted-read.ts';

const second = 1_000;
const untilMs = start + 100 * second;
const times: CatchUpPosition = {
  cursor: { readFromMs: start, newSinceMs: start - second },
  untilVersion: undefined,
  untilMs,
  dueFromMs: start,
};
const versions: CatchUpPosition = { ...times, cursor: { ...times.cursor, version: 3n }, untilVersion: 8n };
const modified = (n: number, ms: number, part: WireRow = {}) => rowOf(n, { modifiedon: iso(ms), ...part });

/** One step of a catch-up; `entries` are the last digits of the ids. */
async function catchUp(
  position: CatchUpPosition,
  answers: readonly Answer[],
  { dueColumn, pages }: { readonly dueColumn?: string; readonly pages?: number } = {},
) {
  const { read, asked } = openRead(answers, { pages });
  const { feed, budget } = read;
  const batch = await readCatchUp(position, { feed, dueColumn, strategy: standardStrategy, budget });
  const entries = batch.entries.map(({ kind, id }) => `${kind} ${id.slice(-1)}`);
  return { entries, next: batch.next, asked: asked as RowQuery[], batch };
}

describe('feed: where a catch-up ends', () => {
  const from = { ...times.cursor, windowRead: { startedMs: 1, at: 1n }, watermark: { version: 1n, atMs: 1 } };
  const head = { ...createHead('a'), readAtMs: untilMs, highestVersion: 8n };

  it('is the highest version of the log if the organization can filter on versions, else the time', () => {
    const watermark = { version: 2n, atMs: start };
    const atVersion = startCatchUp({ ...head, cursor: { ...times.cursor, watermark } }, from, start);
    expect(atVersion).to.deep.equal({ ...times, untilVersion: 8n });
    for (const cursor of [undefined, times.cursor])
      expect(startCatchUp({ ...head, cursor }, from, start)).to.deep.equal(times);
  });
});

describe('feed: the changes of a catch-up', () => {
  it('are those up to the version of the log, this one included', async () => {
    const { entries, next, asked } = await catchUp(versions, [{ rows: [4, 8, 9].map((n) => rowOf(n)) }]);
    expect([entries, next]).to.deep.equal([['changed 4', 'changed 8'], undefined]);
    expect(asked[0]).to.deep.include({ filter: 'versionnumber gt 3', orderBy: 'versionnumber asc' });
  });

  it('are those up to the time of the log, this one included, if there are no versions', async () => {
    const rows = [modified(9, untilMs), modified(1, untilMs + second)];
    const { entries, next, batch } = await catchUp(times, [{ rows }]);
    expect([entries, next]).to.deep.equal([['changed 9'], undefined]);
    expect(batch.entries[0]).to.deep.include({ atMs: untilMs, isNew: true, changedColumns: [] });
  });

  it('are new if the row was created since the feed was read before', async () => {
    const born = (n: number, ms: number) => rowOf(n, { createdon: iso(ms) });
    const { newSinceMs } = times.cursor;
    const { batch } = await catchUp(times, [{ rows: [born(1, newSinceMs), born(2, newSinceMs - second)] }]);
    expect(batch.entries.map((entry) => entry.kind === 'changed' && entry.isNew)).to.deep.equal([
      true,
      false,
    ]);
  });

  it('stop at the limit: of equal times, all are left to the next step; a version is complete', async () => {
    const rows = [modified(1, start), modified(2, start + second), modified(3, start + second)];
    const stopped = await catchUp(times, [{ rows, nextLink: 'b' }], { pages: 1, dueColumn: 'followupby' });
    expect(stopped.entries).to.deep.equal(['changed 1']);
    const windowRead = { startedMs: untilMs, at: BigInt(start + second) };
    expect(stopped.next).to.deep.equal({ ...times, cursor: { ...times.cursor, windowRead } });
    const complete = await catchUp(versions, [{ rows: [rowOf(4), rowOf(5)], nextLink: 'b' }], { pages: 1 });
    expect(complete.entries).to.deep.equal(['changed 4', 'changed 5']);
    expect(complete.next?.cursor.windowRead?.at).to.equal(5n);
  });

  it('get past equal times whatever the limit', async () => {
    const equal = { rows: [modified(1, start)], nextLink: 'b' };
    const { entries, next, asked } = await catchUp(times, [equal, { rows: [modified(2, start)] }], {
      pages: 1,
    });
    expect([entries, next]).to.deep.equal([['changed 1', 'changed 2'], undefined]);
    expect(asked[1]).to.equal('b');
  });
});

describe('feed: the deadlines of a catch-up', () => {
  const due = (n: number, ms: number, modifiedMs = start - second) =>
    modified(n, modifiedMs, { followupby: iso(ms) });
  const options = { dueColumn: 'followupby' };
  const onlyDeadlines = { ...times, areChangesRead: true };

  it('follow the changes, and are those of rows that did not change', async () => {
    const late = start + 5 * second;
    const rows = [due(1, late), due(2, late, start), due(3, late, start + second)];
    const { entries, next, asked } = await catchUp(
      times,
      [{ rows: [modified(5, start)] }, { rows }],
      options,
    );
    expect([entries, next]).to.deep.equal([['changed 5', 'due 1'], undefined]);
    expect(asked[1]?.filter).to.equal(
      'followupby ge 2026-01-01T00:00:00Z and followupby le 2026-01-01T00:01:40Z',
    );
  });

  it('are those of rows up to the version from which changes are read', async () => {
    const position = { ...versions, areChangesRead: true };
    const late = start + 5 * second;
    const { entries } = await catchUp(
      position,
      [{ rows: [due(2, late), due(3, late), due(4, late)] }],
      options,
    );
    expect(entries).to.deep.equal(['due 2', 'due 3']);
  });

  it('begin at the end of the log if nothing else is said', async () => {
    const { asked } = await catchUp({ ...onlyDeadlines, dueFromMs: undefined }, [], options);
    expect(asked.map(({ filter }) => filter)).to.deep.equal([
      'followupby ge 2026-01-01T00:01:40Z and followupby le 2026-01-01T00:01:40Z',
    ]);
  });

  it('stop at the limit: of equal ones, all are left to the next step, which reads no changes again', async () => {
    const rows = [due(1, start), due(2, start + second), due(3, start + second)];
    const windowRead = { startedMs: untilMs, at: BigInt(start) };
    const position = { ...times, cursor: { ...times.cursor, windowRead } };
    const answers = [{ rows: [] }, { rows, nextLink: 'b' }];
    const { entries, next } = await catchUp(position, answers, { ...options, pages: 1 });
    expect(entries).to.deep.equal(['due 1']);
    expect(next).to.deep.equal({ ...onlyDeadlines, dueFromMs: start + second });
    const last = await catchUp(next ?? times, [{ rows: rows.slice(1) }], options);
    expect([last.entries, last.next]).to.deep.equal([['due 2', 'due 3'], undefined]);
    expect(last.asked.length).to.equal(1);
  });

  it('get past equal ones whatever the limit', async () => {
    const answers = [{ rows: [due(1, start)], nextLink: 'b' }, { rows: [due(2, start)] }];
    const { entries, asked } = await catchUp(onlyDeadlines, answers, { ...options, pages: 1 });
    expect([entries, asked[1]]).to.deep.equal([['due 1', 'due 2'], 'b']);
  });
});
