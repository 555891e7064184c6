import { expect } from 'chai';
import fc from 'fast-check';
import { formatCsvLine, parseCsvLine } from '../../examples/support/csv.ts';

describe('examples/support/csv.ts', () => {
  it('parses the fields that it formats', () => {
    const field = fc.string().filter((text) => !/^[=+\-@\t\r]|[\r\n]/.test(text));
    fc.assert(
      fc.property(fc.array(field, { minLength: 1 }), (fields) => {
        expect(parseCsvLine(formatCsvLine(fields))).to.deep.equal(fields);
      }),
    );
  });

  it('formats a formula of a spreadsheet as text', () => {
    expect(formatCsvLine(['=1+1'])).to.equal("'=1+1");
  });
});
