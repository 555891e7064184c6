import { expect } from 'chai';
import fc from 'fast-check';
import { isValidDate, isValidDateTime } from '../../src/model/is-valid-date.ts';

describe('isValidDate and isValidDateTime', () => {
  it('accept every existing date and no other', () => {
    const number = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(number(9999), number(14), number(33), (year, month, day) => {
        const pad = (value: number, length: number) => String(value).padStart(length, '0');
        const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
        const date = new Date(0);
        date.setUTCFullYear(year, month - 1, day);
        expect(isValidDate(text)).to.equal(date.toISOString().startsWith(`${text}T`));
      }),
      { numRuns: 2000 },
    );
  });

  it('accept February 29 only in leap years', () => {
    for (const day of ['2000-02-29', '2024-02-29']) expect(isValidDate(day), day).to.equal(true);
    for (const day of ['1900-02-29', '2023-02-29', '2024-2-29', '2024-02-29 ', '+02024-02-29']) {
      expect(isValidDate(day), day).to.equal(false);
    }
  });

  it('accept a date-time only with an offset, without leap seconds and hour 24', () => {
    for (const dateTime of [
      '2024-02-29T23:59:59Z',
      '2024-02-29T23:59Z',
      '2024-02-29T00:00:00.1234567+05:30',
      '2024-02-29T00:00:00-12:00',
    ]) {
      expect(isValidDateTime(dateTime), dateTime).to.equal(true);
    }
    for (const dateTime of [
      '2024-02-29T23:59:59',
      '2024-02-29T23:59:60Z',
      '2024-02-29T24:00:00Z',
      '2024-02-30T00:00:00Z',
      '2024-02-29 00:00:00Z',
      '2024-02-29T00:00:00z',
      '2024-02-29T00:00:00+24:00',
      '2024-02-29T00:00:00.Z',
      '2024-02-29T00:00:00Z\n',
    ]) {
      expect(isValidDateTime(dateTime), dateTime).to.equal(false);
    }
  });
});
