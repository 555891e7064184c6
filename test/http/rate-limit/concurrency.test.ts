import { expect } from 'chai';
import { createConcurrencyLimit } from '../../../src/http/rate-limit/concurrency.ts';

describe('the width of a limiter', () => {
  const growTo = (width: ReturnType<typeof createConcurrencyLimit>, rounds: number) => {
    for (let n = 0; n < rounds; n++) {
      for (let k = width.current(); k > 0; k--) width.grow();
    }
  };

  it('starts gently, and at the hint as soon as there is one', () => {
    const width = createConcurrencyLimit(52);
    expect(width.current()).to.equal(2);
    width.applyHint(8);
    expect(width.current()).to.equal(8);
  });

  it('grows by about one a round, and never above the hint', () => {
    const width = createConcurrencyLimit(52);
    growTo(width, 10);
    expect(width.current()).to.be.within(9, 12);
    width.applyHint(4);
    growTo(width, 10);
    expect(width.current()).to.equal(4);
  });

  it('without a hint never exceeds its share of the concurrent requests', () => {
    const width = createConcurrencyLimit(52);
    growTo(width, 200);
    expect(width.current()).to.equal(52);
    width.divideBy(8);
    expect(width.current()).to.equal(6);
    width.divideBy(100);
    expect(width.current()).to.equal(1);
  });

  it('halves on a refusal, once for requests that were under way together', () => {
    const width = createConcurrencyLimit(52);
    width.applyHint(16);
    width.halve(1_000, 2_000);
    width.halve(1_500, 2_100);
    expect(width.current()).to.equal(8);
    width.halve(2_500, 3_000);
    expect(width.current()).to.equal(4);
    for (let n = 0; n < 10; n++) width.halve(4_000 + n, 4_000 + n);
    expect(width.current()).to.equal(1);
  });

  it('a hint that is repeated does not undo a refusal', () => {
    const width = createConcurrencyLimit(52);
    width.applyHint(16);
    width.halve(0, 1);
    width.applyHint(16);
    expect(width.current()).to.equal(8);
    growTo(width, 9);
    expect(width.current()).to.equal(16);
  });
});
