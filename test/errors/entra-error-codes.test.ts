import { expect } from 'chai';
import { entraErrorCodes } from '../../src/errors/entra-error-codes.ts';
import { errorCodes } from '../../src/errors/error-codes.ts';

describe('entraErrorCodes', () => {
  it('include the most frequent errors', () => {
    for (const number of [
      700016, 7000215, 7000222, 50011, 65001, 90094, 500011, 50034, 50053, 50055, 50057, 50058, 50072, 50076,
      50079, 53003, 70000, 70008, 700082, 70043, 9002313, 900023, 90002, 90072, 50020, 50105, 50126, 50128,
      50059, 50194, 7000218, 7000112, 700027, 700030, 50173, 501051,
    ]) {
      expect(entraErrorCodes.has(number), String(number)).to.equal(true);
    }
    expect(entraErrorCodes.size).to.be.at.least(60);
  });

  it('have sentences for cause and advice, and an existing code', () => {
    for (const [number, { code, cause, advice }] of entraErrorCodes) {
      expect(errorCodes, String(number)).to.have.property(code);
      for (const text of [cause, advice]) expect(text, String(number)).to.match(/^[A-Z].*[.]$/);
    }
  });

  it('are retryable only if time resolves them', () => {
    for (const [number, { code, responsible }] of entraErrorCodes) {
      expect(errorCodes[code].retryable, String(number)).to.equal(responsible === 'time');
    }
  });
});
