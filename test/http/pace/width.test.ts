import { expect } from 'chai';
import { createWidth } from '../../../src/http/pace/width.ts';

describe('the width of a limiter', () => {
  const growTo = (width: ReturnType<typeof createWidth>, rounds: number) => {
    for (let n = 0; n < rounds; n++) {
      for (let k = width.now(); k > 0; k--) width.grow();
    }
  };

  it('starts gently, and at the hint as soon as there is one', () => {
    const width = createWidth(52);
    expect(width.now()).to.equal(2);
    width.recommend(8);
    expect(width.now()).to.equal(8);
  });

  it('grows by about one a round, and never above the hint', () => {
    const width = createWidth(52);
    growTo(width, 10);
    expect(width.now()).to.be.within(9, 12);
    width.recommend(4);
    growTo(width, 10);
    expect(width.now()).to.equal(4);
  });

  it('without a hint never exceeds its share of the concurrent requests', () => {
    const width = createWidth(52);
    growTo(width, 200);
    expect(width.now()).to.equal(52);
    width.share(8);
    expect(width.now()).to.equal(6);
    width.share(100);
    expect(width.now()).to.equal(1);
  });

  it('halves on a refusal, once for requests that were under way together', () => {
    const width = createWidth(52);
    width.recommend(16);
    width.halve(1_000, 2_000);
    width.halve(1_500, 2_100);
    expect(width.now()).to.equal(8);
    width.halve(2_500, 3_000);
    expect(width.now()).to.equal(4);
    for (let n = 0; n < 10; n++) width.halve(4_000 + n, 4_000 + n);
    expect(width.now()).to.equal(1);
  });

  it('a hint that is repeated does not undo a refusal', () => {
    const width = createWidth(52);
    width.recommend(16);
    width.halve(0, 1);
    width.recommend(16);
    expect(width.now()).to.equal(8);
    growTo(width, 9);
    expect(width.now()).to.equal(16);
  });
});
