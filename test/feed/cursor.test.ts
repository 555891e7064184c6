import { expect } from 'chai';
import {
  advanceCursor,
  type Cursor,
  mayBeUnread,
  rowPosition,
  startPosition,
  windowQuery,
} from '../../src/feed/cursor.ts';
import { minute } from './fixtures.ts';

const nine = Date.UTC(2026, 2, 1, 9);
const overlap = 10 * minute;

describe('windowQuery and advanceCursor', () => {
  it('read from the same time on, in whole seconds, ordered by time and key', () => {
    const place: Cursor = { readFromMs: nine + 499, newSinceMs: nine };
    expect(windowQuery(place, startPosition(place), 'incidentid')).to.deep.equal({
      filter: 'modifiedon ge 2026-03-01T09:00:00Z',
      orderBy: 'modifiedon asc,incidentid asc',
    });
  });

  it('read later versions, with every digit, if the cursor has a version', () => {
    const place: Cursor = { readFromMs: nine, newSinceMs: nine, version: 9_007_199_254_740_993n };
    expect(windowQuery(place, startPosition(place), 'incidentid')).to.deep.equal({
      filter: 'versionnumber gt 9007199254740993',
      orderBy: 'versionnumber asc',
    });
  });

  it('resume where a limit stopped the read', () => {
    const place: Cursor = {
      readFromMs: nine,
      newSinceMs: nine,
      windowRead: { startedMs: nine, at: BigInt(nine + minute) },
    };
    expect(startPosition(place)).to.equal(BigInt(nine + minute));
  });

  it('stay one overlap behind the start of the last read', () => {
    const sweep = { startedMs: nine, endedMs: nine + 60 * minute, highest: 7n };
    const after = advanceCursor({ readFromMs: 0, newSinceMs: 0 }, sweep, overlap);
    expect(after).to.deep.equal({ readFromMs: nine - overlap, newSinceMs: 0 });
  });

  it('never move back when another server has a slower clock', () => {
    const sweep = { startedMs: nine - minute, endedMs: nine - minute, highest: 7n };
    expect(advanceCursor({ readFromMs: nine - overlap, newSinceMs: 0 }, sweep, overlap).readFromMs).to.equal(
      nine - overlap,
    );
  });

  it('switch to versions once the watermark is one overlap old', () => {
    const place: Cursor = { readFromMs: 0, newSinceMs: 0, watermark: { version: 50n, atMs: nine } };
    const early = { startedMs: nine + overlap - 1000, endedMs: nine + overlap, highest: 60n };
    expect(advanceCursor(place, early, overlap))
      .to.have.property('watermark')
      .that.equals(place.watermark);
    expect(advanceCursor(place, early, overlap)).to.deep.include({ version: undefined });
    const due = { startedMs: nine + overlap, endedMs: nine + overlap + 5000, highest: 60n };
    expect(advanceCursor(place, due, overlap)).to.deep.include({
      version: 50n,
      watermark: { version: 60n, atMs: nine + overlap + 5000 },
    });
  });
});

describe('mayBeUnread', () => {
  const facts = (version: bigint, modifiedMs: number) => ({
    ...{ id: 'a', version, createdMs: modifiedMs, modifiedMs, row: {} },
  });
  const place: Cursor = { readFromMs: nine, newSinceMs: nine };

  it('is true of every row before the first read', () => {
    expect(mayBeUnread(undefined, facts(1n, 0))).to.equal(true);
  });

  it('is true of rows that were changed at the time of the cursor or later', () => {
    expect([nine - 1, nine, nine + 1].map((ms) => mayBeUnread(place, facts(1n, ms)))).to.deep.equal([
      false,
      true,
      true,
    ]);
  });

  it('is true of rows with a higher version than that of the cursor, or of its watermark', () => {
    for (const known of [{ version: 5n }, { watermark: { version: 5n, atMs: nine } }])
      expect(
        [4n, 5n, 6n].map((version) => mayBeUnread({ ...place, ...known }, facts(version, nine + 1))),
      ).to.deep.equal([false, false, true]);
    const both: Cursor = { ...place, version: 5n, watermark: { version: 9n, atMs: nine } };
    expect(mayBeUnread(both, facts(7n, 0))).to.equal(true);
  });
});

describe('rowPosition', () => {
  it('is the version of a row for a cursor with versions, and otherwise the time of its last change', () => {
    const row = { id: 'a', version: 7n, createdMs: 1, modifiedMs: nine, row: {} };
    expect(rowPosition({ readFromMs: 0, newSinceMs: 0 }, row)).to.equal(BigInt(nine));
    expect(rowPosition({ readFromMs: 0, newSinceMs: 0, version: 5n }, row)).to.equal(7n);
  });
});
