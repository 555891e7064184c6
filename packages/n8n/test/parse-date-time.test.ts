import { expect } from 'chai';
import fc from 'fast-check';
import { parseDate, parseDateTime } from '../src/parse-date-time.ts';

describe('times in n8n', () => {
  it('without a zone are on the clock of the workflow, winter and summer', () => {
    expect(parseDateTime('2026-01-31T09:30:00', 'Europe/Berlin')).to.equal('2026-01-31T08:30:00.000Z');
    expect(parseDateTime('2026-07-31 09:30', 'Europe/Berlin')).to.equal('2026-07-31T07:30:00.000Z');
    expect(parseDateTime('2026-07-31', 'America/New_York')).to.equal('2026-07-31T04:00:00.000Z');
    expect(parseDateTime('2026-07-31T09:30:00', 'Asia/Kolkata')).to.equal('2026-07-31T04:00:00.000Z');
  });

  it('are right in the hours beside a change of the clocks', () => {
    expect(parseDateTime('2026-03-29T01:30:00', 'Europe/Berlin')).to.equal('2026-03-29T00:30:00.000Z');
    expect(parseDateTime('2026-03-29T03:30:00', 'Europe/Berlin')).to.equal('2026-03-29T01:30:00.000Z');
    expect(parseDateTime('2026-10-25T03:30:00', 'Europe/Berlin')).to.equal('2026-10-25T02:30:00.000Z');
  });

  it('read back as the clock showed them, in any zone, where the clock showed them at all', () => {
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
      fc.property(fc.date(years), zones, (moment, timeZone) => {
        // From a moment to its clock time and back: the same moment, or the other one of a doubled hour.
        const shown = clockTime(moment, timeZone);
        expect(clockTime(new Date(String(parseDateTime(shown, timeZone))), timeZone)).to.equal(shown);
      }),
    );
  });

  it('with a zone, and what is no time, stay as they are', () => {
    for (const value of ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00+02:00', 'tomorrow', '', 7, null]) {
      expect(parseDateTime(value, 'Europe/Berlin')).to.equal(value);
    }
  });

  it('become days as they were written', () => {
    expect(parseDate('2026-01-31T00:00:00.000+02:00')).to.equal('2026-01-31');
    expect(parseDate('2026-01-31')).to.equal('2026-01-31');
    expect(parseDate('soon')).to.equal('soon');
  });
});

function clockTime(moment: Date, timeZone: string): string {
  return moment.toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
}
