import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { createMemoryStore } from '../../../src/client/memory-store.ts';
import type { ConnectorError } from '../../../src/errors/connector-error.ts';
import type { RawResponse } from '../../../src/http/pipeline-request.ts';
import { createLimiter, type Limiter } from '../../../src/http/rate-limit/limiter.ts';
import { defaultServiceLimits, type ServiceLimits } from '../../../src/http/rate-limit/service-limits.ts';
import { createSharedBudget } from '../../../src/http/rate-limit/shared-budget.ts';
import type { Clock, StateStore } from '../../../src/model/runtime-services.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import {
  createRateLimitedOrganization,
  type RateLimitedOrganization,
} from '../../support/rate-limited-organization.ts';

const ok: RawResponse = { status: 200, headers: {}, text: '' };
const busy = (seconds: number): RawResponse => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  text: '',
});
const patient = { deadline: Date.UTC(2027, 0, 1) };

function open(clock: Clock, own: { id?: string; store?: StateStore; limits?: Partial<ServiceLimits> } = {}) {
  const { id = 'a', store = createMemoryStore() } = own;
  const limits = { ...defaultServiceLimits, ...own.limits };
  return createLimiter({ clock, limits, id, budget: createSharedBudget(store, 'pace/contoso/rosa') });
}

/** Sends one request after the other, each until it is not turned away, as the retry policy does. */
async function work(
  limiter: Limiter,
  { clock, organization, calls }: { clock: Clock; organization: RateLimitedOrganization; calls: number },
): Promise<void> {
  for (let done = 0; done < calls; ) {
    const leave = await limiter.acquire(patient);
    const reply = await organization.send('rosa', 60);
    leave(reply);
    if (reply.status === 429) await clock.sleep(Number(reply.headers['retry-after']) * 1_000);
    else done += 1;
  }
}

const refusalOf = (entering: Promise<unknown>) =>
  entering.then(
    () => expect.fail('it was let in'),
    (error: ConnectorError) => error,
  );

describe('a limiter: the gate', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = createFakeClock();
  });

  it('nothing of the same user is sent before Retry-After, and everything of others is', async () => {
    const [rosa, emil] = [open(clock), open(clock)];
    const start = clock.now();
    (await rosa.acquire(patient))(busy(30));
    const times = await Promise.all([1, 2, 3].map(() => rosa.acquire(patient).then(leaveAt)));
    expect(Math.min(...times)).to.be.at.least(start + 30_000);
    expect(await emil.acquire(patient).then(leaveAt)).to.equal(clock.now());
    expect(clock.sleeping()).to.equal(0);

    function leaveAt(leave: (reply: RawResponse) => void): number {
      leave(ok);
      return clock.now();
    }
  });

  it('a later refusal moves the gate on, an earlier one does not open it', async () => {
    const limiter = open(clock);
    const [one, two, three] = [await limiter.acquire(patient), await limiter.acquire(patient), clock.now()];
    one(busy(60));
    two(busy(5));
    (await limiter.acquire(patient))(ok);
    expect(clock.now()).to.be.at.least(three + 60_000);
  });

  it('a refusal without a time shuts for a second', async () => {
    const limiter = open(clock);
    const start = clock.now();
    (await limiter.acquire(patient))({ status: 429, headers: {}, text: '' });
    await limiter.acquire(patient);
    expect(clock.now()).to.equal(start + 1_000);
  });

  it('a refusal that names a year shuts for an hour', async () => {
    const limiter = open(clock);
    const start = clock.now();
    (await limiter.acquire(patient))(busy(31_536_000));
    await limiter.acquire(patient);
    expect(clock.now()).to.equal(start + 3_600_000);
  });

  it('a machine whose clock is years ahead stops nobody else', async () => {
    const store = createMemoryStore();
    const ahead = createFakeClock(Date.UTC(2036, 0, 1));
    const other = open(ahead, { id: 'ahead', store });
    (await other.acquire({ deadline: Date.UTC(2037, 0, 1) }))(busy(60));
    await open(clock, { store }).acquire({ deadline: clock.now() + 1_000 });
  });

  it('holds for all who share the store, within a second', async () => {
    const store = createMemoryStore();
    const limiters = ['a', 'b', 'c'].map((id) => open(clock, { id, store }));
    for (const limiter of limiters) (await limiter.acquire(patient))(ok);
    const start = clock.now();
    (await limiters[0]!.acquire(patient))(busy(120));
    await clock.sleep(1_000);
    await Promise.all(limiters.map(async (limiter) => (await limiter.acquire(patient))(ok)));
    expect(clock.now()).to.be.at.least(start + 120_000);
  });

  it('a refusal halves what runs at once; success lets it grow again', async () => {
    const limiter = open(clock);
    (await limiter.acquire(patient))({ ...ok, headers: { 'x-ms-dop-hint': '8' } });
    expect(await fill(limiter, [ok])).to.equal(8);
    expect(await fill(limiter, [busy(1)])).to.equal(8);
    await clock.sleep(2_000);
    expect(await fill(limiter, [ok])).to.equal(4);
    for (let round = 0; round < 24; round++) await fill(limiter, [ok]);
    expect(await fill(limiter, [ok])).to.equal(8);
  });

  /** How many may run at once; each then ends with the reply. */
  async function fill(limiter: Limiter, [reply]: readonly [RawResponse]): Promise<number> {
    const inside: ((reply: RawResponse) => void)[] = [];
    const giveUp = new AbortController();
    const entering = Array.from({ length: 12 }, () =>
      limiter.acquire({ ...patient, signal: giveUp.signal }).then(
        (leave) => void inside.push(leave),
        () => {},
      ),
    );
    // After all that needs no time, and before the clock moves on.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    const count = inside.length;
    giveUp.abort();
    await Promise.all(entering);
    for (const leave of inside) leave(reply);
    return count;
  }
});

describe('a limiter: who waits', () => {
  it('first come, first served, also when a call comes again after a refusal', async () => {
    const clock = createFakeClock();
    const limiter = open(clock);
    const order: string[] = [];
    const one = await limiter.acquire({ deadline: clock.now() + 90_000 });
    const two = await limiter.acquire({ deadline: clock.now() + 90_001 });
    const enter = async (name: string, deadline: number) => {
      const leave = await limiter.acquire({ deadline });
      order.push(name);
      leave(ok);
    };
    const start = clock.now();
    const waiting = [enter('third', start + 90_002), enter('fourth', start + 90_003)];
    one(busy(2));
    waiting.push(enter('first again', start + 90_000));
    two(ok);
    await Promise.all(waiting);
    expect(order).to.deep.equal(['first again', 'third', 'fourth']);
  });

  it('who cannot be served before its deadline learns at once when to come back', async () => {
    const clock = createFakeClock();
    const limiter = open(clock);
    const start = clock.now();
    (await limiter.acquire(patient))(busy(200));
    const error = await refusalOf(limiter.acquire({ deadline: start + 90_000 }));
    expect(error).to.include({ code: 'THROTTLED', retryable: true });
    expect(error.details.retryAfterMs).to.equal(200_000);
    expect(clock.now()).to.equal(start);
    expect(clock.sleeping()).to.equal(0);
  });

  it('who waits for a free place gives up at its deadline', async () => {
    const clock = createFakeClock();
    const limiter = open(clock);
    await Promise.all([limiter.acquire(patient), limiter.acquire(patient)]);
    const deadline = clock.now() + 5_000;
    const error = await refusalOf(limiter.acquire({ deadline }));
    expect(error.code).to.equal('THROTTLED');
    expect(clock.now()).to.be.within(deadline, deadline + 10);
  });

  it('aborting leaves the queue, its timer and its listener', async () => {
    const clock = createFakeClock();
    const limiter = open(clock);
    (await limiter.acquire(patient))(busy(60));
    const impatient = new AbortController();
    const waiting = refusalOf(limiter.acquire({ ...patient, signal: impatient.signal }));
    impatient.abort();
    expect((await waiting).code).to.equal('ABORTED');
    expect(clock.sleeping()).to.equal(0);
    expect(getEventListeners(impatient.signal, 'abort')).to.deep.equal([]);
    expect((await refusalOf(limiter.acquire({ ...patient, signal: AbortSignal.abort() }))).code).to.equal(
      'ABORTED',
    );
  });

  it('an answer leaves no listener on the caller’s signal', async () => {
    const limiter = open(createFakeClock());
    const { signal } = new AbortController();
    (await limiter.acquire({ ...patient, signal }))(ok);
    expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
  });
});

describe('a limiter: the budget', () => {
  const limits = { maxRequests: 300 };

  it('never exceeds the window, meets no refusal and uses nearly all of it', async () => {
    const clock = createFakeClock();
    const organization = createRateLimitedOrganization(clock, { limits });
    const start = clock.now();
    const limiter = open(clock, { limits });
    await Promise.all([...Array(6)].map(() => work(limiter, { clock, organization, calls: 200 })));
    expect(organization.counts).to.deep.equal({ sent: 1_200, refused: 0 });
    expect(fullest(organization.sentAt)).to.be.at.most(300);
    expect(1_200 / ((clock.now() - start) / 1_000)).to.be.at.least(0.95);
  });

  it('nobody waits for a closed window: what is left is spread', async () => {
    const clock = createFakeClock();
    const organization = createRateLimitedOrganization(clock, { limits });
    await work(open(clock, { limits }), { clock, organization, calls: 900 });
    const gaps = organization.sentAt.slice(1).map((at, i) => at - organization.sentAt[i]!);
    expect(Math.max(...gaps)).to.be.at.most(8_000);
  });

  it('eight limiters that share a store share one budget', async () => {
    const clock = createFakeClock();
    const organization = createRateLimitedOrganization(clock, { limits });
    const store = createMemoryStore();
    const start = clock.now();
    const team = [...Array(8)].map((_, n) => open(clock, { id: `${n}`, store, limits }));
    await Promise.all(team.map((limiter) => work(limiter, { clock, organization, calls: 125 })));
    expect(organization.counts).to.deep.equal({ sent: 1_000, refused: 0 });
    expect(fullest(organization.sentAt)).to.be.at.most(300);
    expect(1_000 / ((clock.now() - start) / 1_000)).to.be.at.least(0.85);
  });

  it('an organization with a lower limit than documented is learnt from what it says', async () => {
    const clock = createFakeClock();
    const organization = createRateLimitedOrganization(clock, { limits: { maxRequests: 200 } });
    const limiter = open(clock, { limits });
    await Promise.all([...Array(4)].map(() => work(limiter, { clock, organization, calls: 150 })));
    expect(organization.counts.refused).to.equal(0);
  });

  it('somebody else who spends the same budget is made room for', async () => {
    const clock = createFakeClock();
    const organization = createRateLimitedOrganization(clock, { limits });
    for (let n = 0; n < 250; n++) await organization.send('rosa', 10);
    await work(open(clock, { limits }), { clock, organization, calls: 200 });
    expect(organization.counts.refused).to.equal(0);
  });

  it('asks the store about once for ten requests, and not at all while nobody sends', async () => {
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
    for (let n = 0; n < 1_000; n++) (await limiter.acquire(patient))(ok);
    expect(writes).to.be.at.most(40);
    expect(clock.sleeping()).to.equal(0);
  });

  it('a store that fails fails the call, and the next one is served when it is back', async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    let broken = true;
    const limiter = open(clock, {
      store: { ...store, get: (key) => (broken ? Promise.reject(new Error('disk full')) : store.get(key)) },
    });
    expect((await refusalOf(limiter.acquire(patient))).message).to.equal('disk full');
    broken = false;
    (await limiter.acquire(patient))(ok);
  });

  it('a row that is not ours reads as nothing spent', async () => {
    for (const value of ['{', 'null', '{"format":99}', '[]']) {
      const store = createMemoryStore();
      await store.set('pace/contoso/rosa', value);
      (await open(createFakeClock(), { store }).acquire(patient))(ok);
    }
  });

  /** The most requests that any 300 seconds saw. */
  function fullest(times: readonly number[]): number {
    let from = 0;
    return Math.max(
      ...times.map((at, to) => {
        while (times[from]! <= at - 300_000) from += 1;
        return to - from + 1;
      }),
    );
  }
});
