import { expect } from 'chai';
import fc from 'fast-check';
import { mergeLearned } from '../../src/authoring/learn/merge-learned.ts';
import type { Json, JsonObject } from '../../src/model/json.ts';

const scalar = fc.oneof(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 3 }), fc.boolean());
const key = fc.constantFrom('title', 'maxLength', 'labels', 'constructor');
/** Facts of a column, as a table file has them. */
const facts = fc.dictionary(key, fc.oneof(scalar, fc.dictionary(key, scalar), fc.uniqueArray(scalar)));

const merge = (last: Json, next: Json, own: Json) => mergeLearned(last, next, own);

describe('mergeLearned', () => {
  it('follows the organization where the author has changed nothing', () => {
    fc.assert(
      fc.property(facts, facts, (last, next) => {
        expect(merge(last, next, last)).to.deep.equal(next);
      }),
    );
  });

  it('keeps what the author has where the organization has changed nothing', () => {
    fc.assert(
      fc.property(facts, facts, (last, own) => {
        expect(merge(last, last, own)).to.deep.equal(own);
      }),
    );
  });

  it('never loses a value that the author has changed', () => {
    fc.assert(
      fc.property(facts, facts, facts, (last, next, own) => {
        const merged = merge(last, next, own) as JsonObject;
        for (const [name, value] of Object.entries(own)) {
          const isOwn = typeof value !== 'object' && value !== last[name];
          if (isOwn) expect(merged[name], name).to.equal(value);
        }
      }),
    );
  });

  it('changes nothing when it is repeated', () => {
    fc.assert(
      fc.property(facts, facts, facts, (last, next, own) => {
        const merged = merge(last, next, own) as JsonObject;
        expect(merge(next, next, merged)).to.deep.equal(merged);
      }),
    );
  });
});
