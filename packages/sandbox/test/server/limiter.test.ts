import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  createRequestLimiter,
  defaultLimits,
  type LimitExceeded,
  type RequestPermit,
} from '../../src/limits/limiter.ts';
import { createSlidingWindow } from '../../src/limits/sliding-window.ts';
import { type HandlerHarness, startOrganizationHandler, testClock } from './harness.ts';

describe('service protection limits', () => {
  const setUp = (settings = {}) => {
    const clock = testClock();
    const limits = createRequestLimiter({ ...defaultLimits(), ...settings }, clock.now);
    const use = (durationMs = 0, user = 'a') => {
      const entry = limits.acquire(user);
      if (!('release' in entry)) return entry;
      clock.advance(durationMs);
      entry.release();
      return undefined;
    };
    return { clock, limits, use };
  };

  it('reject the 8,001st request within 300 seconds, in a sliding window', () => {
    const { clock, use } = setUp();
    for (let i = 0; i < 8000; i++) expect(use()).to.equal(undefined);
    expect(use()).to.deep.equal({
      code: '0x80072322',
      message: 'Number of requests exceeded the limit of 8000 over time window of 300 seconds.',
      retryAfterSeconds: 300,
    });
    clock.advance(299_000);
    expect(use()).to.have.property('code', '0x80072322');
    clock.advance(1000);
    expect(use()).to.equal(undefined);
  });

  it('reject requests after 20 minutes of execution time within 300 seconds', () => {
    const { limits, clock } = setUp();
    const entries = Array.from({ length: 6 }, () => limits.acquire('a') as RequestPermit);
    clock.advance(250_000);
    for (const entry of entries) entry.release();
    expect(limits.acquire('a')).to.deep.include({
      code: '0x80072321',
      message:
        'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. ' +
        'Decrease number of concurrent requests or reduce the duration of requests and try again later.',
    });
  });

  it('reject the 53rd concurrent request', () => {
    const { limits } = setUp();
    const entries = Array.from({ length: 52 }, () => limits.acquire('a') as RequestPermit);
    expect(limits.acquire('a')).to.include({
      code: '0x80072326',
      message: 'Number of concurrent requests exceeded the limit of 52.',
    });
    entries[0]?.release();
    expect(limits.acquire('a')).to.have.property('release');
  });

  it('count each user separately', () => {
    const { use } = setUp({ maxRequests: 1 });
    use(0, 'a');
    expect(use(0, 'a')).to.have.property('code');
    expect(use(0, 'b')).to.equal(undefined);
  });

  it('increase Retry-After with each rejected request', () => {
    const { use } = setUp({ maxConcurrentRequests: 0 });
    const waits = [use(), use(), use()].map((throttle) => (throttle as LimitExceeded).retryAfterSeconds);
    expect(waits).to.deep.equal([1, 2, 3]);
  });

  it('admit a request after Retry-After has passed', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 5, maxLength: 60 }), (gaps) => {
        const { clock, use } = setUp({ maxRequests: 5 });
        for (const gap of gaps) {
          clock.advance(gap);
          const throttle = use();
          if (!throttle) continue;
          clock.advance(throttle.retryAfterSeconds * 1000);
          expect(use()).to.equal(undefined);
        }
      }),
    );
  });

  it('use a sliding window that sums the same as a list of all timestamps', () => {
    const additions = fc.array(fc.tuple(fc.integer({ min: 0, max: 90 }), fc.integer({ min: 1, max: 9 })));
    fc.assert(
      fc.property(additions, (steps) => {
        const clock = testClock(0);
        const window = createSlidingWindow(60_000, clock.now);
        const list: { at: number; amount: number }[] = [];
        for (const [seconds, amount] of steps) {
          clock.advance(seconds * 1000);
          window.add(amount);
          list.push({ at: clock.now(), amount });
          const inside = list.filter(({ at }) => at + 60_000 > clock.now());
          expect(window.total()).to.equal(inside.reduce((sum, entry) => sum + entry.amount, 0));
        }
      }),
    );
  });

  describe('over HTTP', () => {
    let harness: HandlerHarness;
    beforeEach(async () => {
      harness = await startOrganizationHandler();
    });
    afterEach(() => harness.close());

    it('a rejected request gets 429 with Retry-After in seconds and is not processed', async () => {
      harness.limits.maxRequests = 1;
      await harness.get();
      const response = await harness.get();
      expect(response.status).to.equal(429);
      expect(response.headers.get('retry-after')).to.equal('300');
      expect(await response.json()).to.have.nested.property('error.code', '0x80072322');
      expect(harness.received).to.have.length(1);
    });

    it('Infinity switches a limit off', async () => {
      Object.assign(harness.limits, {
        maxRequests: Infinity,
        maxExecutionMs: Infinity,
        maxConcurrentRequests: Infinity,
      });
      expect((await harness.get()).status).to.equal(200);
    });

    it('an aborted request releases its permit', async () => {
      harness.limits.maxConcurrentRequests = 1;
      harness.respond = () => {
        throw new Error('a mistake of ours');
      };
      await harness.get();
      harness.respond = () => ({ status: 200, headers: {} });
      expect((await harness.get()).status).to.equal(200);
    });
  });
});
