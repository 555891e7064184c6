import { expect } from 'chai';
import fc from 'fast-check';
import { maxTargetRetryAfterMs, targetBlockMs } from '../../src/delivery/block-target.ts';
import {
  defaultDeliveryRetry,
  nextAttemptAfterRefusalMs,
  nextAttemptInMs,
} from '../../src/delivery/retry-schedule.ts';

const hour = 3_600_000;
const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** The time from the first attempt to the last one. */
function totalMs(next: (n: number) => number | undefined): number {
  let total = 0;
  for (let n = 1; ; n++) {
    const delayMs = next(n);
    if (delayMs === undefined) return total;
    total += delayMs;
  }
}

describe('worker: retry schedule', () => {
  it('by default, retries an event for longer than a weekend, whatever the random numbers', () => {
    fc.assert(
      fc.property(anyRandom, (random) => {
        const total = totalMs((n) => nextAttemptInMs(n, defaultDeliveryRetry, () => random));
        expect(total).to.be.within(72 * hour, 2 * 72 * hour + hour);
      }),
    );
  });

  it('doubles the delay up to the longest one', () => {
    const delays = [1, 2, 3, 9, 10, 50].map((n) => nextAttemptInMs(n, defaultDeliveryRetry, () => 1));
    expect(delays).to.deep.equal([5000, 10_000, 20_000, 1_280_000, 1_800_000, 1_800_000]);
  });

  it('ends after the given number of attempts, also before the time has passed', () => {
    const retry = { ...defaultDeliveryRetry, maxAttempts: 3 };
    expect([1, 2, 3].map((n) => nextAttemptInMs(n, retry, () => 0))).to.deep.equal([2500, 5000, undefined]);
  });

  it('retries a refused event four times within ten minutes, each attempt taking up to 25 seconds', () => {
    fc.assert(
      fc.property(anyRandom, (random) => {
        const total = totalMs((n) => nextAttemptAfterRefusalMs(n, () => random));
        expect(total + 5 * 25_000).to.be.at.most(600_000);
      }),
    );
    const delays = [1, 2, 3, 4, 5].map((refusals) => nextAttemptAfterRefusalMs(refusals, () => 1));
    expect(delays).to.deep.equal([5000, 25_000, 120_000, 300_000, undefined]);
  });
});

describe('worker: targetBlockMs', () => {
  const block = (failures: number, failure = {}) =>
    targetBlockMs(failures, { timedOut: false, ...failure }, () => 1);

  it('blocks a target after five failures in a row, up to five minutes', () => {
    expect([1, 4, 5, 6, 30].map((failures) => block(failures))).to.deep.equal([0, 0, 5000, 10_000, 300_000]);
  });

  it('blocks a target after one delivery that timed out', () => {
    expect(block(1, { timedOut: true })).to.equal(5000);
  });

  it('obeys the wait that a target requests, for one hour at most', () => {
    expect(block(1, { retryAfterMs: 90_000 })).to.equal(90_000);
    expect(block(1, { retryAfterMs: 1e12 })).to.equal(maxTargetRetryAfterMs);
  });
});
