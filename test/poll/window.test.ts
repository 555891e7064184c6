import { expect } from 'chai';
import { advance, type Place, startOf, windowQuery } from '../../src/poll/window.ts';
import { MINUTE } from './fixtures.ts';

const NINE = Date.UTC(2026, 2, 1, 9);
const OVERLAP = 10 * MINUTE;

describe('the window of a poll', () => {
  it('asks for the same time or later, in whole seconds, in the order of time and key', () => {
    const place: Place = { floorMs: NINE + 499, newSinceMs: NINE };
    expect(windowQuery(place, startOf(place), 'incidentid')).to.deep.equal({
      filter: 'modifiedon ge 2026-03-01T09:00:00Z',
      orderBy: 'modifiedon asc,incidentid asc',
    });
  });

  it('asks for later versions where the place has one, with every digit', () => {
    const place: Place = { floorMs: NINE, newSinceMs: NINE, version: 9_007_199_254_740_993n };
    expect(windowQuery(place, startOf(place), 'incidentid')).to.deep.equal({
      filter: 'versionnumber gt 9007199254740993',
      orderBy: 'versionnumber asc',
    });
  });

  it('goes on where a limit stopped it', () => {
    const place: Place = {
      floorMs: NINE,
      newSinceMs: NINE,
      sweep: { startedMs: NINE, at: BigInt(NINE + MINUTE) },
    };
    expect(startOf(place)).to.equal(BigInt(NINE + MINUTE));
  });

  it('trails one overlap behind the start of the last read, however long that took', () => {
    const sweep = { startedMs: NINE, endedMs: NINE + 60 * MINUTE, highest: 7n };
    const after = advance({ floorMs: 0, newSinceMs: 0 }, sweep, OVERLAP);
    expect(after).to.deep.equal({ floorMs: NINE - OVERLAP, newSinceMs: 0 });
  });

  it('never moves back when another server of the organisation has a slower clock', () => {
    const sweep = { startedMs: NINE - MINUTE, endedMs: NINE - MINUTE, highest: 7n };
    expect(advance({ floorMs: NINE - OVERLAP, newSinceMs: 0 }, sweep, OVERLAP).floorMs).to.equal(
      NINE - OVERLAP,
    );
  });

  it('moves to versions once the highest of its beginning is one overlap old, and not before', () => {
    const place: Place = { floorMs: 0, newSinceMs: 0, mark: { version: 50n, atMs: NINE } };
    const early = { startedMs: NINE + OVERLAP - 1000, endedMs: NINE + OVERLAP, highest: 60n };
    expect(advance(place, early, OVERLAP))
      .to.have.property('mark')
      .that.equals(place.mark);
    expect(advance(place, early, OVERLAP)).to.not.have.property('version');
    const due = { startedMs: NINE + OVERLAP, endedMs: NINE + OVERLAP + 5000, highest: 60n };
    expect(advance(place, due, OVERLAP)).to.deep.include({
      version: 50n,
      mark: { version: 60n, atMs: NINE + OVERLAP + 5000 },
    });
  });
});
