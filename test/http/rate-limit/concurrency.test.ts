import { expect } from 'chai';
import { type ConcurrencyLimit, createConcurrencyLimit } from '../../../src/http/rate-limit/concurrency.ts';

describe('ConcurrencyLimit', () => {
  const growFor = (limit: ConcurrencyLimit, rounds: number) => {
    for (let round = 0; round < rounds; round++) {
      for (let request = limit.current(); request > 0; request--) limit.grow();
    }
  };

  it('starts at 2, and at the hint as soon as there is one', () => {
    const limit = createConcurrencyLimit(52);
    expect(limit.current()).to.equal(2);
    limit.applyHint(8);
    expect(limit.current()).to.equal(8);
  });

  it('grows by about one per round, and never above the hint', () => {
    const limit = createConcurrencyLimit(52);
    growFor(limit, 10);
    expect(limit.current()).to.be.within(9, 12);
    limit.applyHint(4);
    growFor(limit, 10);
    expect(limit.current()).to.equal(4);
  });

  it('never exceeds its share of the maximum without a hint', () => {
    const limit = createConcurrencyLimit(52);
    growFor(limit, 200);
    expect(limit.current()).to.equal(52);
    limit.divideBy(8);
    expect(limit.current()).to.equal(6);
    limit.divideBy(100);
    expect(limit.current()).to.equal(1);
  });

  it('is halved by a 429, once for all requests that were in flight together', () => {
    const limit = createConcurrencyLimit(52);
    limit.applyHint(16);
    limit.halve(1_000, 2_000);
    limit.halve(1_500, 2_100);
    expect(limit.current()).to.equal(8);
    limit.halve(2_500, 3_000);
    expect(limit.current()).to.equal(4);
    limit.halve(3_000, 3_100);
    expect(limit.current(), 'sent in the same millisecond').to.equal(4);
    for (let n = 0; n < 10; n++) limit.halve(4_000 + n, 4_000 + n);
    expect(limit.current()).to.equal(1);
  });

  it('is not raised again by a repeated hint after a 429', () => {
    const limit = createConcurrencyLimit(52);
    limit.applyHint(16);
    limit.halve(0, 1);
    limit.applyHint(16);
    expect(limit.current()).to.equal(8);
    growFor(limit, 9);
    expect(limit.current()).to.equal(16);
  });

  it('is not raised by the first hint, if that comes with or after a 429', () => {
    const limit = createConcurrencyLimit(52);
    limit.halve(0, 1);
    limit.applyHint(16);
    expect(limit.current()).to.equal(1);
  });
});
