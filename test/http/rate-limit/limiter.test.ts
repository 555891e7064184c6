import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { createMemoryStore } from '../../../src/client/memory-store.ts';
import type { ConnectorError } from '../../../src/errors/connector-error.ts';
import type { RawResponse } from '../../../src/http/pipeline-request.ts';
import { createLimiter, type Limiter, type Release } from '../../../src/http/rate-limit/limiter.ts';
import { defaultServiceLimits, type ServiceLimits } from '../../../src/http/rate-limit/service-limits.ts';
import { createSharedBudget } from '../../../src/http/rate-limit/shared-budget.ts';
import type { Clock, StateStore } from '../../../src/model/runtime-services.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import {
  createRateLimitedOrganization,
  type RateLimitedOrganization,
} from '../../support/rate-limited-organization.ts';

const ok: RawResponse = { status: 200, headers: {}, text: '' };
const throttled = (seconds: number): RawResponse => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  text: '',
});
const farDeadline = { deadline: Date.UTC(2027, 0, 1) };
const budgetKey = 'rate-limit/contoso/rosa';

function open(
  clock: Clock,
  options: { id?: string; store?: StateStore; limits?: Partial<ServiceLimits> } = {},
) {
  const { id = 'a', store = createMemoryStore() } = options;
  const limits = { ...defaultServiceLimits, ...options.limits };
  return createLimiter({ clock, limits, id, budget: createSharedBudget(store, budgetKey) });
}

/** Sends requests one after the other, each until it succeeds, as the retry policy does. */
async function sendRequests(
  limiter: Limiter,
  { clock, organization, calls }: { clock: Clock; organization: RateLimitedOrganization; calls: number },
): Promise<void> {
  for (let done = 0; done < calls; ) {
    const release = await limiter.acquire(farDeadline);
    const response = await organization.send('rosa', 60);
    release(response);
    if (response.status === 429) await clock.sleep(Number(response.headers['retry-after']) * 1_000);
    else done += 1;
  }
}

const rejectionOf = (acquiring: Promise<unknown>) =>
  acquiring.then(
    () => expect.fail('the request was admitted'),
    (error: ConnectorError) => error,
  );

describe('Limiter: block after a 429', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = createFakeClock();
  });

  it('sends nothing of the same user before Retry-After, and does not delay other users', async () => {
    const [rosa, emil] = [open(clock), open(clock)];
    const start = clock.now();
    (await rosa.acquire(farDeadline))(throttled(30));
    const times = await Promise.all([1, 2, 3].map(() => rosa.acquire(farDeadline).then(releaseNow)));
    expect(Math.min(...times)).to.be.at.least(start + 30_000);
    expect(await emil.acquire(farDeadline).then(releaseNow)).to.equal(clock.now());
    expect(clock.sleeping()).to.equal(0);

    function releaseNow(release: Release): number {
      release(ok);
      return clock.now();
    }
  });

  it('keeps the longest of several blocks', async () => {
    const limiter = open(clock);
    const first = await limiter.acquire(farDeadline);
    const second = await limiter.acquire(farDeadline);
    const start = clock.now();
    first(throttled(60));
    second(throttled(5));
    (await limiter.acquire(farDeadline))(ok);
    expect(clock.now()).to.be.at.least(start + 60_000);
  });

  it('blocks for one second after a 429 without Retry-After', async () => {
    const limiter = open(clock);
    const start = clock.now();
    (await limiter.acquire(farDeadline))({ status: 429, headers: {}, text: '' });
    await limiter.acquire(farDeadline);
    expect(clock.now()).to.equal(start + 1_000);
  });

  for (const value of ['99999999999', '86400', 'Fri, 31 Dec 9999 23:59:59 GMT']) {
    it(`blocks for five minutes at most after Retry-After: ${value}`, async () => {
      const limiter = open(clock);
      const start = clock.now();
      (await limiter.acquire(farDeadline))({ status: 429, headers: { 'retry-after': value }, text: '' });
      await limiter.acquire(farDeadline);
      expect(clock.now()).to.equal(start + 300_000);
    });
  }

  it('admits calls again when a person ends the block', async () => {
    const store = createMemoryStore();
    const limiter = open(clock, { store });
    const start = clock.now();
    (await limiter.acquire(farDeadline))(throttled(120));
    const waiting = limiter.acquire(farDeadline);
    await limiter.unblock();
    (await waiting)(ok);
    await open(clock, { id: 'b', store }).acquire(farDeadline);
    expect(clock.now() - start).to.be.at.most(1000);
  });

  it('admits calls again after the clock was put back by a day', async () => {
    let offsetMs = 86_400_000;
    const skewed = { ...clock, now: () => clock.now() + offsetMs };
    const store = createMemoryStore();
    const limiter = open(skewed, { store });
    for (let sent = 0; sent < 3; sent++) (await limiter.acquire(farDeadline))(ok);
    (await limiter.acquire(farDeadline))(throttled(60));
    offsetMs = 0;
    const start = skewed.now();
    (await limiter.acquire(farDeadline))(ok);
    expect(skewed.now() - start).to.be.at.most(1000);
    (await limiter.acquire(farDeadline))(throttled(60));
    await clock.sleep(1000);
    const other = open(clock, { id: 'b', store });
    (await other.acquire(farDeadline))(ok);
    expect(clock.now() - start, 'a later block is shared').to.be.at.least(60_000);
  });

  it('ignores the block of a machine whose clock is years ahead', async () => {
    const store = createMemoryStore();
    const ahead = createFakeClock(Date.UTC(2036, 0, 1));
    const other = open(ahead, { id: 'ahead', store });
    (await other.acquire({ deadline: Date.UTC(2037, 0, 1) }))(throttled(60));
    await open(clock, { store }).acquire({ deadline: clock.now() + 1_000 });
  });

  it('blocks all limiters that share the store within one second', async () => {
    const store = createMemoryStore();
    const limiters = ['a', 'b', 'c'].map((id) => open(clock, { id, store }));
    for (const limiter of limiters) (await limiter.acquire(farDeadline))(ok);
    const start = clock.now();
    (await limiters[0]!.acquire(farDeadline))(throttled(120));
    await clock.sleep(1_000);
    await Promise.all(limiters.map(async (limiter) => (await limiter.acquire(farDeadline))(ok)));
    expect(clock.now()).to.be.at.least(start + 120_000);
  });

  it('halves the concurrency after a 429, and raises it after successful requests', async () => {
    const limiter = open(clock);
    (await limiter.acquire(farDeadline))({ ...ok, headers: { 'x-ms-dop-hint': '8' } });
    expect(await fill(limiter, [ok])).to.equal(8);
    expect(await fill(limiter, [throttled(1)])).to.equal(8);
    await clock.sleep(2_000);
    expect(await fill(limiter, [ok])).to.equal(4);
    for (let round = 0; round < 24; round++) await fill(limiter, [ok]);
    expect(await fill(limiter, [ok])).to.equal(8);
  });

  it('does not raise the concurrency while requests run one at a time', async () => {
    const limiter = open(clock);
    for (let request = 0; request < 30; request++) (await limiter.acquire(farDeadline))(ok);
    expect(await fill(limiter, [ok])).to.equal(2);
  });

  /** Returns how many requests are admitted at once; each then ends with the response. */
  async function fill(limiter: Limiter, [response]: readonly [RawResponse]): Promise<number> {
    const admitted: Release[] = [];
    const controller = new AbortController();
    const acquiring = Array.from({ length: 12 }, () =>
      limiter.acquire({ ...farDeadline, signal: controller.signal }).then(
        (release) => void admitted.push(release),
        () => {},
      ),
    );
    // Runs after all pending promises, and before the clock moves.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const count = admitted.length;
    controller.abort();
    await Promise.all(acquiring);
    for (const release of admitted) release(response);
    return count;
  }
});

describe('Limiter: wait queue', () => {
  it('admits calls in the order in which they started, also after a 429', async () => {
    const clock = createFakeClock();
    const limiter = open(clock);
    const order: string[] = [];
    const first = await limiter.acquire({ deadline: clock.now() + 90_000 });
    const second = await limiter.acquire({ deadline: clock.now() + 90_001 });
    const acquire = async (name: string, deadline: number) => {
      const release = await limiter.acquire({ deadline });
      order.push(name);
      release(ok);
    };
    const start = clock.now();
    const waiting = [acquire('third', start + 90_002), acquire('fourth', start + 90_003)];
    first(throttled(2));
    waiting.push(acquire('first again', start + 90_000));
    second(ok);
    await Promise.all(waiting);
    expect(order).to.deep.equal(['first again', 'third', 'fourth']);
  });

  it('rejects a call at once, with retryAfterMs, when its deadline cannot be met', async () => {
    const clock = createFakeClock();
    const limiter = open(clock);
    const start = clock.now();
    (await limiter.acquire(farDeadline))(throttled(200));
    const error = await rejectionOf(limiter.acquire({ deadline: start + 90_000 }));
    expect(error).to.include({ code: 'THROTTLED', retryable: true });
    expect(error.details.retryAfterMs).to.equal(200_000);
    expect(clock.now()).to.equal(start);
    expect(clock.sleeping()).to.equal(0);
  });

  it('rejects a call that waits for a running request at its deadline', async () => {
    const clock = createFakeClock();
    const limiter = open(clock);
    await Promise.all([limiter.acquire(farDeadline), limiter.acquire(farDeadline)]);
    const deadline = clock.now() + 5_000;
    const error = await rejectionOf(limiter.acquire({ deadline }));
    expect(error.code).to.equal('THROTTLED');
    expect(clock.now()).to.be.within(deadline, deadline + 10);
  });

  it('removes an aborted call with its timer and listener', async () => {
    const clock = createFakeClock();
    const limiter = open(clock);
    (await limiter.acquire(farDeadline))(throttled(60));
    const controller = new AbortController();
    const waiting = rejectionOf(limiter.acquire({ ...farDeadline, signal: controller.signal }));
    controller.abort();
    expect((await waiting).code).to.equal('ABORTED');
    expect(clock.sleeping()).to.equal(0);
    expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
    expect(
      (await rejectionOf(limiter.acquire({ ...farDeadline, signal: AbortSignal.abort() }))).code,
    ).to.equal('ABORTED');
  });

  it('leaves no listener on the signal of a call that ended', async () => {
    const limiter = open(createFakeClock());
    const { signal } = new AbortController();
    (await limiter.acquire({ ...farDeadline, signal }))(ok);
    expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
  });
});

describe('Limiter: shared budget', () => {
  const limits = { maxRequests: 300 };

  it('never exceeds the limit, gets no 429 and uses at least 95 % of the limit', async () => {
    const clock = createFakeClock();
    const organization = createRateLimitedOrganization(clock, { limits });
    const start = clock.now();
    const limiter = open(clock, { limits });
    await Promise.all([...Array(6)].map(() => sendRequests(limiter, { clock, organization, calls: 200 })));
    expect(organization.counts).to.deep.equal({ sent: 1_200, refused: 0 });
    expect(maxInWindow(organization.sentAt)).to.be.at.most(300);
    expect(1_200 / ((clock.now() - start) / 1_000)).to.be.at.least(0.95);
  });

  it('spreads requests, so that no call waits for a full window', async () => {
    const clock = createFakeClock();
    const organization = createRateLimitedOrganization(clock, { limits });
    await sendRequests(open(clock, { limits }), { clock, organization, calls: 900 });
    const gaps = organization.sentAt.slice(1).map((at, i) => at - organization.sentAt[i]!);
    expect(Math.max(...gaps)).to.be.at.most(8_000);
  });

  it('shares one budget between eight limiters on one store', async () => {
    const clock = createFakeClock();
    const organization = createRateLimitedOrganization(clock, { limits });
    const store = createMemoryStore();
    const start = clock.now();
    const limiters = [...Array(8)].map((_, n) => open(clock, { id: `${n}`, store, limits }));
    await Promise.all(limiters.map((limiter) => sendRequests(limiter, { clock, organization, calls: 125 })));
    expect(organization.counts).to.deep.equal({ sent: 1_000, refused: 0 });
    expect(maxInWindow(organization.sentAt)).to.be.at.most(300);
    expect(1_000 / ((clock.now() - start) / 1_000)).to.be.at.least(0.85);
  });

  it('follows a lower limit that the organization states in its headers', async () => {
    const clock = createFakeClock();
    const organization = createRateLimitedOrganization(clock, { limits: { maxRequests: 200 } });
    const limiter = open(clock, { limits });
    await Promise.all([...Array(4)].map(() => sendRequests(limiter, { clock, organization, calls: 150 })));
    expect(organization.counts.refused).to.equal(0);
  });

  it('counts the requests of other clients of the same user', async () => {
    const clock = createFakeClock();
    const organization = createRateLimitedOrganization(clock, { limits });
    for (let n = 0; n < 250; n++) await organization.send('rosa', 10);
    await sendRequests(open(clock, { limits }), { clock, organization, calls: 200 });
    expect(organization.counts.refused).to.equal(0);
  });

  it('writes to the store at most 40 times for 1,000 requests, and not without requests', async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    let writes = 0;
    const counting: StateStore = {
      ...store,
      replace(...change) {
        writes += 1;
        return store.replace(...change);
      },
    };
    const limiter = open(clock, { store: counting });
    expect(writes).to.equal(0);
    for (let n = 0; n < 1_000; n++) (await limiter.acquire(farDeadline))(ok);
    expect(writes).to.be.at.most(40);
    expect(clock.sleeping()).to.equal(0);
  });

  it('rejects a call when the store fails, and admits the next one when the store works again', async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    let broken = true;
    const limiter = open(clock, {
      store: { ...store, get: (key) => (broken ? Promise.reject(new Error('disk full')) : store.get(key)) },
    });
    expect((await rejectionOf(limiter.acquire(farDeadline))).message).to.equal('disk full');
    broken = false;
    (await limiter.acquire(farDeadline))(ok);
  });

  it('treats a stored value in another format as an empty budget', async () => {
    for (const value of ['{', 'null', '{"format":99}', '[]']) {
      const store = createMemoryStore();
      await store.set(budgetKey, value);
      (await open(createFakeClock(), { store }).acquire(farDeadline))(ok);
    }
  });

  /** Returns the maximum number of requests in any 300 seconds. */
  function maxInWindow(times: readonly number[]): number {
    let from = 0;
    return Math.max(
      ...times.map((at, to) => {
        while (times[from]! <= at - 300_000) from += 1;
        return to - from + 1;
      }),
    );
  }
});

describe('Limiter: quota', () => {
  it('says what is left of the requests of the user, and when more will be', async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    const limiter = open(clock, { store, limits: { maxRequests: 1000 } });
    expect(limiter.quota(), 'before the first request').to.equal(undefined);
    for (let count = 0; count < 25; count++) (await limiter.acquire(farDeadline))(ok);
    const quota = limiter.quota()!;
    expect(quota).to.include({ limit: 1000, remaining: 975, windowMs: 300_000 });
    expect(quota.resetMs).to.equal(300_000);
    const other = open(clock, { id: 'b', store, limits: { maxRequests: 1000 } });
    (await other.acquire(farDeadline))(ok);
    expect(other.quota()!.remaining, 'with the requests of another process').to.be.below(976);
    (await limiter.acquire(farDeadline))(throttled(40));
    expect(limiter.quota()).to.include({ remaining: 0, resetMs: 40_000 });
  });
});
