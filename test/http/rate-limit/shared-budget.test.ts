import { expect } from 'chai';
import { createMemoryStore } from '../../../src/client/memory-store.ts';
import { ConnectorError } from '../../../src/errors/connector-error.ts';
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

  it('reads what an earlier process stored', async () => {
    const store = createMemoryStore();
    const stored = { blockedUntil: 5, nextAt: 6, spent: [[2_000, 1, 50]], leased: { a: [4_000, 10, 500] } };
    await store.set('key', JSON.stringify({ format: 1, ...stored }));
    const budget = createSharedBudget(store, 'key');
    expect(await budget.read()).to.deep.equal(stored);
    await budget.update((read) => ({ budget: { ...read, nextAt: 7 }, result: undefined }));
    expect(await createSharedBudget(store, 'key').read()).to.deep.equal({ ...stored, nextAt: 7 });
  });

  it('gives up after 100 conflicts with other processes', async () => {
    const store = createMemoryStore();
    let tries = 0;
    const replace = async () => {
      tries += 1;
      return false;
    };
    const budget = createSharedBudget({ ...store, replace }, 'key');
    const error: unknown = await budget
      .update((read) => ({ budget: read, result: undefined }))
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ConnectorError).and.to.include({ code: 'STORE_FAILED' });
    expect(tries).to.equal(100);
  });
});
