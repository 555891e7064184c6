import { expect } from 'chai';
import fc from 'fast-check';
import { parseDate, parseDateTime } from '../../src/host-view/parse-date-time.ts';

describe('date-time fields of a form', () => {
  it('are in the time zone of the form without an offset, in winter and summer', () => {
    expect(parseDateTime('2026-01-31T09:30:00', 'Europe/Berlin')).to.equal('2026-01-31T08:30:00.000Z');
    expect(parseDateTime('2026-07-31 09:30', 'Europe/Berlin')).to.equal('2026-07-31T07:30:00.000Z');
    expect(parseDateTime('2026-07-31', 'America/New_York')).to.equal('2026-07-31T04:00:00.000Z');
    expect(parseDateTime('2026-07-31T09:30:00', 'Asia/Kolkata')).to.equal('2026-07-31T04:00:00.000Z');
  });

  it('are correct in the hours around a clock change', () => {
    expect(parseDateTime('2026-03-29T01:30:00', 'Europe/Berlin')).to.equal('2026-03-29T00:30:00.000Z');
    expect(parseDateTime('2026-03-29T03:30:00', 'Europe/Berlin')).to.equal('2026-03-29T01:30:00.000Z');
    expect(parseDateTime('2026-10-25T03:30:00', 'Europe/Berlin')).to.equal('2026-10-25T02:30:00.000Z');
  });

  it('convert to the same local time in any time zone', () => {
    const zones = fc.constantFrom(
      'Europe/Berlin',
      'America/New_York',
      'Asia/Kolkata',
      'Australia/Lord_Howe',
      'UTC',
    );
    const years = {
      min: new Date('1990-01-01T00:00:00Z'),
      max: new Date('2037-01-01T00:00:00Z'),
      noInvalidDate: true,
    };
    fc.assert(
      fc.property(fc.date(years), zones, (date, timeZone) => {
        // From UTC to local time and back: the same time, or the other one of a repeated hour.
        const local = localTime(date, timeZone);
        expect(localTime(new Date(String(parseDateTime(local, timeZone))), timeZone)).to.equal(local);
      }),
    );
  });

  it('keep values with an offset and values that are not date-times', () => {
    for (const value of ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00+02:00', 'tomorrow', '', 7, null]) {
      expect(parseDateTime(value, 'Europe/Berlin')).to.equal(value);
    }
  });

  it('convert to dates as written', () => {
    expect(parseDate('2026-01-31T00:00:00.000+02:00')).to.equal('2026-01-31');
    expect(parseDate('2026-01-31')).to.equal('2026-01-31');
    expect(parseDate('soon')).to.equal('soon');
  });
});

function localTime(date: Date, timeZone: string): string {
  return date.toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
}
