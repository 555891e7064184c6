import { expect } from 'chai';
import { grantLease } from '../../../src/http/rate-limit/lease.ts';
import {
  applyReport,
  emptyRateBudget,
  entriesInWindow,
  pruneBudget,
  type RateBudget,
  slotEnd,
  sumUsage,
} from '../../../src/http/rate-limit/rate-budget.ts';
import { parseRemainingQuota } from '../../../src/http/rate-limit/rate-limit-headers.ts';
import { defaultServiceLimits as limits, windowMs } from '../../../src/http/rate-limit/service-limits.ts';
import { createUsageTracker } from '../../../src/http/rate-limit/usage-tracker.ts';

const now = Date.UTC(2026, 0, 1);
const slot = slotEnd(now);
const order = { holder: 'a', requests: 10, inFlight: 0, executionMs: 100 };
const used = (budget: RateBudget, at = now) => sumUsage(entriesInWindow(budget, at));
const spentOf = (requests: number, executionMs = 0): RateBudget => ({
  ...emptyRateBudget,
  spent: [[slot, requests, executionMs]],
});

describe('the budget of a user', () => {
  it('counts what was spent for 300 seconds and forgets it then', () => {
    const budget = spentOf(7, 900);
    expect(used(budget, slot + windowMs - 1)).to.deep.equal({ requests: 7, executionMs: 900 });
    expect(used(budget, slot + windowMs)).to.deep.equal({ requests: 0, executionMs: 0 });
    expect(pruneBudget(budget, slot + windowMs + 60_000).spent).to.deep.equal([]);
  });

  it('a lease counts as spent until its holder reports what became of it', () => {
    const { budget, lease } = grantLease(emptyRateBudget, { order, limits, now });
    expect(lease).to.include({ requests: 10, intervalMs: 0, startsAt: now, holders: 1 });
    expect(used(budget)).to.deep.equal({ requests: 10, executionMs: 1_000 });
    const settled = applyReport(budget, 'a', { spent: [[slot, 3, 250]], blockedUntil: 0 });
    expect(used(settled)).to.deep.equal({ requests: 3, executionMs: 250 });
  });

  it('a lease of a process that died counts for one window, and is forgotten', () => {
    const { budget, lease } = grantLease(emptyRateBudget, { order, limits, now });
    expect(used(budget, lease.until + windowMs - 1).requests).to.equal(10);
    expect(used(budget, lease.until + windowMs).requests).to.equal(0);
    expect(pruneBudget(budget, lease.until + windowMs + 60_000).leased).to.deep.equal({});
  });

  it('spreads requests when half is spent, and leases only a short turn', () => {
    const { lease } = grantLease(spentOf(4_000), { order, limits, now });
    expect(lease.intervalMs).to.be.within(150, 165);
    expect(lease.requests).to.equal(3);
  });

  it('spreads requests when half of the execution time is spent', () => {
    const { lease } = grantLease(spentOf(10, 900_000), { order, limits, now });
    expect(lease.intervalMs).to.be.within(100, 110);
  });

  it('opens a full window only when the oldest has left it', () => {
    const { lease } = grantLease(spentOf(6_000), { order, limits, now });
    expect(lease.startsAt).to.equal(slot + windowMs);
  });

  it('leases follow each other while requests are spread', () => {
    const first = grantLease(spentOf(4_000), { order, limits, now });
    const second = grantLease(first.budget, { order: { ...order, holder: 'b' }, limits, now: now + 1 });
    expect(second.lease.startsAt).to.equal(first.lease.startsAt + first.lease.intervalMs * 3);
    expect(second.lease.holders).to.equal(2);
  });

  it('believes the organization when it counts more than we do, and not when it counts less', () => {
    const reading = { at: now, requests: 500, executionMs: 100 };
    const settled = applyReport(spentOf(200, 9_000), 'a', { spent: [], blockedUntil: 0, reading });
    expect(used(settled)).to.deep.equal({ requests: 500, executionMs: 9_000 });
    const again = applyReport(settled, 'a', { spent: [], blockedUntil: 0, reading });
    expect(used(again)).to.deep.equal(used(settled));
  });

  it('a gate is never opened earlier by a later report', () => {
    const shut = applyReport(emptyRateBudget, 'a', { spent: [], blockedUntil: now + 9_000 });
    expect(applyReport(shut, 'b', { spent: [], blockedUntil: now }).blockedUntil).to.equal(now + 9_000);
  });
});

describe('what an answer says of the limits', () => {
  const reply = (headers: Record<string, string>, status = 200, text = '') => ({ status, headers, text });

  it('is read with the comma of its thousands', () => {
    const headers = {
      'x-ms-ratelimit-burst-remaining-xrm-requests': '7999',
      'x-ms-ratelimit-time-remaining-xrm-requests': '1,200.00',
    };
    expect(parseRemainingQuota(reply(headers))).to.deep.equal({ requests: 7_999, executionMs: 1_200_000 });
  });

  it('is passed over when it is no number', () => {
    const headers = { 'x-ms-ratelimit-burst-remaining-xrm-requests': '-1; drop' };
    expect(parseRemainingQuota(reply(headers))).to.deep.equal({
      requests: undefined,
      executionMs: undefined,
    });
  });

  it('a refusal says when to come back, and nothing of what is left', () => {
    for (const code of ['0x80072322', '0x80072321', '0x80072326']) {
      const refusal = reply({}, 429, `{"error":{"code":"${code}"}}`);
      expect(parseRemainingQuota(refusal)).to.deep.equal({ requests: undefined, executionMs: undefined });
    }
  });

  it('an organization with more room than we know of speeds nothing up', () => {
    const tally = createUsageTracker(limits);
    tally.recordResponse(now, reply({ 'x-ms-ratelimit-burst-remaining-xrm-requests': '7999' }));
    const { reading, ...report } = tally.takeReport();
    const settled = applyReport(spentOf(3_000), 'a', {
      ...report,
      blockedUntil: 0,
      ...(reading && { reading }),
    });
    expect(used(settled).requests).to.equal(3_000);
  });
});

describe('the execution time of a request', () => {
  it('is its latency without the way there and back', () => {
    const tally = createUsageTracker(limits);
    for (const latency of [60, 1_060]) {
      tally.recordSent(now);
      tally.recordEnded(now, latency);
    }
    expect(tally.takeReport().spent).to.deep.equal([[slot, 2, 30 + 1_030]]);
    expect(tally.takeReport().spent, 'a report is told once').to.deep.equal([]);
  });
});
