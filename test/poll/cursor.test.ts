import { expect } from 'chai';
import { advanceCursor, type Cursor, startPosition, windowQuery } from '../../src/poll/cursor.ts';
import { minute } from './fixtures.ts';

const nine = Date.UTC(2026, 2, 1, 9);
const overlap = 10 * minute;

describe('the window of a poll', () => {
  it('asks for the same time or later, in whole seconds, in the order of time and key', () => {
    const place: Cursor = { readFromMs: nine + 499, newSinceMs: nine };
    expect(windowQuery(place, startPosition(place), 'incidentid')).to.deep.equal({
      filter: 'modifiedon ge 2026-03-01T09:00:00Z',
      orderBy: 'modifiedon asc,incidentid asc',
    });
  });

  it('asks for later versions where the place has one, with every digit', () => {
    const place: Cursor = { readFromMs: nine, newSinceMs: nine, version: 9_007_199_254_740_993n };
    expect(windowQuery(place, startPosition(place), 'incidentid')).to.deep.equal({
      filter: 'versionnumber gt 9007199254740993',
      orderBy: 'versionnumber asc',
    });
  });

  it('goes on where a limit stopped it', () => {
    const place: Cursor = {
      readFromMs: nine,
      newSinceMs: nine,
      windowRead: { startedMs: nine, at: BigInt(nine + minute) },
    };
    expect(startPosition(place)).to.equal(BigInt(nine + minute));
  });

  it('trails one overlap behind the start of the last read, however long that took', () => {
    const sweep = { startedMs: nine, endedMs: nine + 60 * minute, highest: 7n };
    const after = advanceCursor({ readFromMs: 0, newSinceMs: 0 }, sweep, overlap);
    expect(after).to.deep.equal({ readFromMs: nine - overlap, newSinceMs: 0 });
  });

  it('never moves back when another server of the organization has a slower clock', () => {
    const sweep = { startedMs: nine - minute, endedMs: nine - minute, highest: 7n };
    expect(advanceCursor({ readFromMs: nine - overlap, newSinceMs: 0 }, sweep, overlap).readFromMs).to.equal(
      nine - overlap,
    );
  });

  it('moves to versions once the highest of its beginning is one overlap old, and not before', () => {
    const place: Cursor = { readFromMs: 0, newSinceMs: 0, watermark: { version: 50n, atMs: nine } };
    const early = { startedMs: nine + overlap - 1000, endedMs: nine + overlap, highest: 60n };
    expect(advanceCursor(place, early, overlap))
      .to.have.property('watermark')
      .that.equals(place.watermark);
    expect(advanceCursor(place, early, overlap)).to.not.have.property('version');
    const due = { startedMs: nine + overlap, endedMs: nine + overlap + 5000, highest: 60n };
    expect(advanceCursor(place, due, overlap)).to.deep.include({
      version: 50n,
      watermark: { version: 60n, atMs: nine + overlap + 5000 },
    });
  });
});
