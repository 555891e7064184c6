import { expect } from 'chai';
import fc from 'fast-check';
import { parseCsvLine } from '../../examples/support/csv.ts';

describe('examples/support/csv.ts', () => {
  it('parses plain and quoted fields', () => {
    expect(parseCsvLine('Kettle,"blue, ""old""",,7')).to.deep.equal(['Kettle', 'blue, "old"', '', '7']);
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), (fields) => {
        const line = fields.map((field) => `"${field.replaceAll('"', '""')}"`).join(',');
        expect(parseCsvLine(line)).to.deep.equal(fields);
      }),
    );
  });
});
