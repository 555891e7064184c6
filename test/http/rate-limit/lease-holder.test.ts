import { expect } from 'chai';
import { createMemoryStore } from '../../../src/client/memory-store.ts';
import { LeaseHolder } from '../../../src/http/rate-limit/lease-holder.ts';
import { emptyRateBudget, slotEnd } from '../../../src/http/rate-limit/rate-budget.ts';
import type { LimitSettings } from '../../../src/http/rate-limit/service-limits.ts';
import { createSharedBudget } from '../../../src/http/rate-limit/shared-budget.ts';
import { createUsageTracker } from '../../../src/http/rate-limit/usage-tracker.ts';
import type { StateStore } from '../../../src/model/runtime-services.ts';

const start = Date.UTC(2026, 0, 1);

describe('LeaseHolder', () => {
  /** A holder whose clock the test sets. `writes` counts the changes of the shared budget. */
  function open({ limits = {}, store = createMemoryStore() }: OpenOptions = {}) {
    const time = { now: start };
    const clock = { now: () => time.now, sleep: () => Promise.resolve() };
    const shared = createSharedBudget(store, 'key');
    const counts = { writes: 0 };
    const budget: typeof shared = {
      ...shared,
      update(step) {
        counts.writes += 1;
        return shared.update(step);
      },
    };
    const usage = createUsageTracker();
    const holder = new LeaseHolder({ clock, budget, limits, usage, id: 'a' });
    const send = (requests: number) => {
      for (let sent = 0; sent < requests; sent += 1) {
        holder.useRequest();
        usage.recordSent(time.now);
      }
    };
    return { time, holder, shared, counts, send };
  }

  interface OpenOptions {
    readonly limits?: LimitSettings;
    readonly store?: StateStore;
  }

  it('takes 10 requests first, twice as many after a lease that was used up, and 10 after another one', async () => {
    const { time, holder, send } = open();
    expect((await holder.renew(time.now, 0)).requests).to.equal(10);
    send(10);
    expect((await holder.renew(time.now, 0)).requests).to.equal(20);
    send(20);
    expect((await holder.renew(time.now, 0)).requests).to.equal(40);
    send(39);
    expect((await holder.renew(time.now, 0)).requests).to.equal(10);
  });

  it('takes at least 10 requests after a short lease, which was used up', async () => {
    const { time, holder, shared, send } = open();
    await shared.update(() => ({
      budget: { ...emptyRateBudget, spent: [[slotEnd(start), 4_000, 0]] },
      result: undefined,
    }));
    const short = (await holder.renew(time.now, 0)).requests;
    expect(short).to.be.below(5);
    send(short);
    time.now += 400_000;
    expect((await holder.renew(time.now, 0)).requests).to.equal(10);
  });

  it('has a lease until it is used up, has expired, or the clock was put back', async () => {
    const { time, holder, send } = open();
    expect(holder.isOver(start), 'before the first lease').to.equal(true);
    const { until } = await holder.renew(start, 0);
    const isOver = [start, until - 1, until, start - 1].map((now) => holder.isOver(now));
    expect(isOver).to.deep.equal([false, false, true, true]);
    send(9);
    expect(holder.isOver(start)).to.equal(false);
    send(1);
    expect(holder.isOver(time.now)).to.equal(true);
  });

  it('reads the block of others again when it has not done so for a second, or the clock was put back', async () => {
    const { holder } = open();
    const isStale = (...times: number[]) => times.map((ms) => holder.isBlockStale(start + ms));
    await holder.renew(start, 0);
    expect(isStale(0, 999, 1_000, -999, -1_000)).to.deep.equal([false, false, true, false, true]);
    await holder.refreshBlock(start + 5_000);
    expect(isStale(5_999, 6_000)).to.deep.equal([false, true]);
  });

  it('says what is left: the requests of all leases of the user are used', async () => {
    const { time, holder, shared, send } = open({ limits: { maxRequests: 1_000 } });
    expect(holder.quota(time.now), 'before the first lease').to.equal(undefined);
    await holder.renew(time.now, 0);
    expect(holder.quota(time.now)).to.deep.equal({
      limit: 1_000,
      remaining: 1_000,
      windowMs: 300_000,
      resetMs: 300_000,
    });
    send(4);
    expect(holder.quota(time.now)?.remaining).to.equal(996);
    await shared.update((budget) => ({
      budget: { ...budget, leased: { ...budget.leased, b: [time.now + 10_000, 50, 0] } },
      result: undefined,
    }));
    await holder.renew(time.now, 0);
    expect(holder.quota(time.now)?.remaining).to.equal(946);
    await shared.update((budget) => ({
      budget: { ...budget, spent: [[slotEnd(start), 2_000, 0]] },
      result: undefined,
    }));
    await holder.renew(time.now, 0);
    expect(holder.quota(time.now)?.remaining, 'more was used than is allowed').to.equal(0);
  });

  it('has nothing left during a block, and says when it ends', async () => {
    const { time, holder } = open();
    await holder.renew(start, 0);
    holder.publishBlock(start + 30_000);
    const left = (ms: number) => holder.quota(start + ms);
    expect(left(0)).to.include({ remaining: 0, resetMs: 30_000 });
    expect(left(29_999)).to.include({ remaining: 0, resetMs: 1 });
    time.now = start + 30_000;
    expect(left(30_000)).to.include({ remaining: 5_990, resetMs: 300_000 });
  });

  it('shares a block, and a lease ends with it', async () => {
    const store = createMemoryStore();
    const [own, other] = [open({ store }), open({ store })];
    await own.holder.renew(start, 0);
    await other.holder.renew(start, 0);
    own.holder.publishBlock(start + 30_000);
    expect(own.holder.isOver(start)).to.equal(true);
    expect(other.holder.blockedUntil).to.be.below(start);
    await new Promise((resolve) => setImmediate(resolve));
    await other.holder.refreshBlock(start);
    expect(other.holder.blockedUntil).to.equal(start + 30_000);
    expect(other.holder.isOver(start)).to.equal(true);
    await own.holder.clearBlock();
    expect(own.holder.blockedUntil).to.be.below(start);
    expect((await own.shared.read()).blockedUntil).to.be.below(start);
  });

  it('writes a block once, and none that ends earlier', async () => {
    const { holder, counts } = open();
    for (const ms of [30_000, 30_000, 20_000]) holder.publishBlock(start + ms);
    expect(holder.blockedUntil).to.equal(start + 30_000);
    expect(counts.writes).to.equal(1);
    holder.publishBlock(start + 40_000);
    expect(counts.writes).to.equal(2);
  });

  it('keeps its lease when it reads a block that it knows already', async () => {
    const { time, holder, send } = open();
    holder.publishBlock(start + 30_000);
    time.now = start + 30_000;
    await holder.renew(time.now, 0);
    send(1);
    await holder.refreshBlock(time.now);
    expect(holder.isOver(time.now)).to.equal(false);
  });

  it('does not obey a block that ends later than one can, of others or from before the clock was put back', async () => {
    const { time, holder, shared } = open();
    const tooLate = start + 360_001;
    await shared.update(() => ({ budget: { ...emptyRateBudget, blockedUntil: tooLate }, result: undefined }));
    await holder.refreshBlock(start);
    expect(holder.blockedUntil).to.be.below(start);
    holder.publishBlock(start + 360_000);
    expect(holder.blockedUntil).to.equal(start + 360_000);
    time.now -= 1;
    expect(holder.blockedUntil).to.be.below(start);
  });
});
