import { expect } from 'chai';
import fc from 'fast-check';
import { createIdMatcher } from '../../src/run/create-id-matcher.ts';

describe('createIdMatcher', () => {
  it('matches the same ids as an expression in which each star is any text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '-'), maxLength: 12 });
    fc.assert(
      fc.property(
        text,
        fc.string({ unit: fc.constantFrom('a', 'b', '.', '-'), maxLength: 12 }),
        (glob, id) => {
          const pattern = glob.split('*').map((part) => part.replaceAll('.', '\\.'));
          expect(createIdMatcher(glob)(id)).to.equal(new RegExp(`^${pattern.join('.*')}$`).test(id));
        },
      ),
      { numRuns: 2000 },
    );
  });
});
