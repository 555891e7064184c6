import { expect } from 'chai';
import * as fc from 'fast-check';
import { computeSteadyRate, type ExpiringUsage } from '../../../src/http/rate-limit/steady-rate.ts';

const windowMs = 300_000;
const limit = 1_000;
const history = fc.array(fc.tuple(fc.integer({ min: 1, max: windowMs }), fc.integer({ min: 1, max: 60 })), {
  maxLength: 40,
});

describe('computeSteadyRate', () => {
  it('spreads the whole limit over the window when nothing is used', () => {
    expect(computeSteadyRate([], 0, { limit, need: 1, windowMs })).to.deep.equal({
      startsAt: 0,
      perMs: limit / windowMs,
    });
  });

  it('never exceeds the limit, for any usage before', () => {
    fc.assert(
      fc.property(history, (expiring) => {
        const { startsAt, perMs } = computeSteadyRate(expiring, 0, { limit, need: 1, windowMs });
        for (const [at] of expiring.filter(([at]) => at > startsAt)) {
          // The usage is highest just before an amount leaves the window.
          expect(usedAt(expiring, at - 1) + perMs * (at - startsAt)).to.be.at.most(limit + 1e-6);
        }
      }),
    );
  });

  it('starts as soon as the need fits, and not before', () => {
    fc.assert(
      fc.property(history, (expiring) => {
        const { startsAt } = computeSteadyRate(expiring, 0, { limit, need: 10, windowMs });
        expect(limit - usedAt(expiring, startsAt)).to.be.at.least(10);
        if (startsAt > 0) expect(limit - usedAt(expiring, startsAt - 1)).to.be.below(10);
      }),
    );
  });

  it('spreads the rest until a burst leaves the window', () => {
    const { perMs } = computeSteadyRate([[200_000, 900]], 0, { limit, need: 1, windowMs });
    expect(perMs).to.equal(100 / 200_000);
  });
});

describe('computeSteadyRate: limits of the rule', () => {
  it('takes usage in any order', () => {
    const usage: ExpiringUsage[] = [
      [200_000, 500],
      [100_000, 500],
    ];
    const expected = { startsAt: 100_000, perMs: limit / windowMs };
    expect(computeSteadyRate(usage, 0, { limit, need: 1, windowMs })).to.deep.equal(expected);
    expect(computeSteadyRate(usage.reverse(), 0, { limit, need: 1, windowMs })).to.deep.equal(expected);
  });

  it('starts at once when the need fits exactly', () => {
    expect(computeSteadyRate([[200_000, 990]], 0, { limit, need: 10, windowMs }).startsAt).to.equal(0);
    expect(computeSteadyRate([[200_000, 991]], 0, { limit, need: 10, windowMs }).startsAt).to.equal(200_000);
  });

  it('is a number when requests need nothing, and two amounts leave the window together', () => {
    const usage: ExpiringUsage[] = [
      [100_000, 100],
      [100_000, 1_000],
    ];
    const rate = computeSteadyRate(usage, 0, { limit, need: 0, windowMs });
    expect(rate).to.deep.equal({ startsAt: 100_000, perMs: limit / windowMs });
  });
});

function usedAt(expiring: readonly ExpiringUsage[], time: number): number {
  return expiring.filter(([at]) => at > time).reduce((sum, [, amount]) => sum + amount, 0);
}
