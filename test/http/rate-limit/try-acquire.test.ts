import { expect } from 'chai';
import { createMemoryStore } from '../../../src/client/memory-store.ts';
import type { RawResponse } from '../../../src/http/pipeline-request.ts';
import { createLimiter } from '../../../src/http/rate-limit/limiter.ts';
import { emptyRateBudget, slotEnd } from '../../../src/http/rate-limit/rate-budget.ts';
import type { LimitSettings } from '../../../src/http/rate-limit/service-limits.ts';
import { createSharedBudget } from '../../../src/http/rate-limit/shared-budget.ts';

const start = Date.UTC(2026, 0, 1);
const ok: RawResponse = { status: 200, headers: {}, text: '' };
const throttled: RawResponse = { status: 429, headers: { 'retry-after': '30' }, text: '' };

/** A limiter whose clock the test sets: a sleep never ends. `reads` counts the reads of the store. */
function open(limits: LimitSettings = {}) {
  const time = { now: start };
  const clock = { now: () => time.now, sleep: () => new Promise<void>(() => {}) };
  const store = createMemoryStore();
  const counts = { reads: 0 };
  const counting = {
    ...store,
    get(key: string) {
      counts.reads += 1;
      return store.get(key);
    },
  };
  const limiter = createLimiter({ clock, limits, id: 'a', budget: createSharedBudget(counting, 'key') });
  const acquire = () => limiter.acquire({ deadline: start + 900_000 });
  const isFree = () => {
    const release = limiter.tryAcquire(time.now);
    release?.(ok);
    return release !== undefined;
  };
  return { time, store, counts, limiter, acquire, isFree };
}

describe('Limiter: a request that may be sent at once', () => {
  it('needs a lease, which the first call takes, and waits while that asks the store', async () => {
    const { acquire, isFree } = open();
    expect(isFree()).to.equal(false);
    const first = acquire();
    expect(isFree(), 'the store was asked').to.equal(false);
    (await first)(ok);
    expect(isFree()).to.equal(true);
  });

  it('counts as a request of the lease, and needs the next lease after ten', async () => {
    const { acquire, isFree } = open();
    (await acquire())(ok);
    const free = Array.from({ length: 10 }, isFree);
    expect(free).to.deep.equal([...Array(9).fill(true), false]);
  });

  it('waits while as many run as may run at once', async () => {
    const { limiter, acquire, isFree } = open();
    (await acquire())(ok);
    const running = [limiter.tryAcquire(start), limiter.tryAcquire(start)];
    expect(isFree()).to.equal(false);
    running[0]?.(ok);
    expect(isFree()).to.equal(true);
  });

  it('does not pass a call that waits, even when there is room again', async () => {
    const { time, limiter, acquire, isFree } = open();
    const release = await acquire();
    release(throttled);
    const waiting = acquire();
    time.now += 30_000;
    expect(isFree()).to.equal(false);
    await limiter.unblock();
    (await waiting)(ok);
    expect(isFree()).to.equal(true);
  });

  it('waits during a block, to its last millisecond', async () => {
    const { time, limiter, acquire, isFree } = open();
    const release = await acquire();
    const blocking = limiter.tryAcquire(start);
    blocking?.(throttled);
    release(ok);
    expect(isFree()).to.equal(false);
    time.now = start + 29_999;
    expect(isFree()).to.equal(false);
    time.now = start + 30_000;
    (await acquire())(ok);
    expect(isFree()).to.equal(true);
  });

  it('waits for its turn while requests are spread, and not longer', async () => {
    const { time, store, acquire, isFree } = open();
    await createSharedBudget(store, 'key').update(() => ({
      budget: { ...emptyRateBudget, nextAt: start, spent: [[slotEnd(start), 4_000, 0]] },
      result: undefined,
    }));
    (await acquire())(ok);
    expect(isFree()).to.equal(false);
    const turns: number[] = [];
    for (; time.now < start + 400; time.now += 1) if (isFree()) turns.push(time.now - start);
    expect(turns.length, 'the lease has three requests').to.equal(2);
    expect(turns[0]).to.be.within(150, 165);
    expect(turns[1]! - turns[0]!).to.be.within(150, 165);
  });

  it('waits when the block of others has not been read for a second', async () => {
    const { time, acquire, isFree } = open();
    (await acquire())(ok);
    time.now = start + 999;
    expect(isFree()).to.equal(true);
    time.now = start + 1_000;
    expect(isFree()).to.equal(false);
    (await acquire())(ok);
    expect(isFree()).to.equal(true);
  });
});

describe('Limiter: store and concurrency', () => {
  it('asks the store once for calls that start together', async () => {
    const { counts, acquire } = open();
    await Promise.all([acquire(), acquire()]);
    expect(counts.reads).to.equal(1);
  });

  for (const [name, limits, expected] of [
    ['52 requests at once, as Microsoft documents', {}, 52],
    ['as many requests at once as the operator has set', { maxConcurrentRequests: 3 }, 3],
  ] as const) {
    it(`admits ${name}, when the organization recommends more`, async () => {
      const { acquire } = open(limits);
      (await acquire())({ ...ok, headers: { 'x-ms-dop-hint': '100' } });
      let admitted = 0;
      for (let call = 0; call < 60; call += 1) void acquire().then(() => (admitted += 1));
      await new Promise((resolve) => setImmediate(resolve));
      expect(admitted).to.equal(expected);
    });
  }
});
