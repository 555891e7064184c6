import { expect } from 'chai';
import { createMemoryStore } from '../../../src/client/memory-store.ts';
import { emptyRateBudget } from '../../../src/http/rate-limit/rate-budget.ts';
import { createSharedBudget } from '../../../src/http/rate-limit/shared-budget.ts';

describe('shared budget of the rate limit', () => {
  it('a stored value that cannot be read counts as an empty budget', async () => {
    const store = createMemoryStore();
    const budget = createSharedBudget(store, 'key');
    const stored = { format: 1, ...emptyRateBudget };
    const values = [null, 7, [], {}, { format: 1 }, { ...stored, spent: -1 }, { ...stored, spent: [[1]] }];
    for (const text of [
      '{',
      ...[...values, { ...stored, leased: { a: 'x' } }].map((each) => JSON.stringify(each)),
    ]) {
      await store.writeMany(new Map([['key', text]]));
      expect(await budget.read(), text).to.deep.equal(emptyRateBudget);
    }
  });
});
