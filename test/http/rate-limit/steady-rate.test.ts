import { expect } from 'chai';
import * as fc from 'fast-check';
import { computeSteadyRate, type ExpiringUsage } from '../../../src/http/rate-limit/steady-rate.ts';

const windowMs = 300_000;
const limit = 1_000;
const history = fc.array(fc.tuple(fc.integer({ min: 1, max: windowMs }), fc.integer({ min: 1, max: 60 })), {
  maxLength: 40,
});

describe('the steady rate', () => {
  it('is the limit’s own where nothing is spent', () => {
    expect(computeSteadyRate([], 0, { limit, need: 1, windowMs })).to.deep.equal({
      startsAt: 0,
      perMs: limit / windowMs,
    });
  });

  it('never meets the limit, whatever was spent before', () => {
    fc.assert(
      fc.property(history, (leaving) => {
        const { startsAt, perMs } = computeSteadyRate(leaving, 0, { limit, need: 1, windowMs });
        for (const [at] of leaving.filter(([at]) => at > startsAt)) {
          // The moment before an amount leaves is the fullest one.
          expect(counting(leaving, at - 1) + perMs * (at - startsAt)).to.be.at.most(limit + 1e-6);
        }
      }),
    );
  });

  it('begins as soon as the need fits, and not before', () => {
    fc.assert(
      fc.property(history, (leaving) => {
        const { startsAt } = computeSteadyRate(leaving, 0, { limit, need: 10, windowMs });
        expect(limit - counting(leaving, startsAt)).to.be.at.least(10);
        if (startsAt > 0) expect(limit - counting(leaving, startsAt - 1)).to.be.below(10);
      }),
    );
  });

  it('spreads what is left until a burst leaves the window', () => {
    const { perMs } = computeSteadyRate([[200_000, 900]], 0, { limit, need: 1, windowMs });
    expect(perMs).to.equal(100 / 200_000);
  });
});

function counting(leaving: readonly ExpiringUsage[], time: number): number {
  return leaving.filter(([at]) => at > time).reduce((sum, [, amount]) => sum + amount, 0);
}
