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
const request = { holder: 'a', requests: 10, inFlight: 0, executionMs: 100 };
const report = { holder: 'a', settings: {}, spent: [], blockedUntil: 0 };
const usageOf = (budget: RateBudget, at = now) => sumUsage(entriesInWindow(budget, at));
const budgetWith = (requests: number, executionMs = 0): RateBudget => ({
  ...emptyRateBudget,
  spent: [[slot, requests, executionMs]],
});

describe('RateBudget', () => {
  it('counts usage for 300 seconds', () => {
    const budget = budgetWith(7, 900);
    expect(usageOf(budget, slot + windowMs - 1)).to.deep.equal({ requests: 7, executionMs: 900 });
    expect(usageOf(budget, slot + windowMs)).to.deep.equal({ requests: 0, executionMs: 0 });
    expect(pruneBudget(budget, slot + windowMs + 60_000).spent).to.deep.equal([]);
  });

  it('counts a lease as usage until its holder reports', () => {
    const { budget, lease } = grantLease(emptyRateBudget, { request, limits, now });
    expect(lease).to.include({ requests: 10, intervalMs: 0, startsAt: now, holders: 1 });
    expect(usageOf(budget)).to.deep.equal({ requests: 10, executionMs: 1_000 });
    const updated = applyReport(budget, { ...report, spent: [[slot, 3, 250]] });
    expect(usageOf(updated)).to.deep.equal({ requests: 3, executionMs: 250 });
  });

  it('counts the lease of a process that died for one window', () => {
    const { budget, lease } = grantLease(emptyRateBudget, { request, limits, now });
    expect(usageOf(budget, lease.until + windowMs - 1).requests).to.equal(10);
    expect(usageOf(budget, lease.until + windowMs).requests).to.equal(0);
    expect(pruneBudget(budget, lease.until + windowMs + 60_000).leased).to.deep.equal({});
  });

  it('spreads requests and grants short leases when half of the requests is used', () => {
    const { lease } = grantLease(budgetWith(4_000), { request, limits, now });
    expect(lease.intervalMs).to.be.within(150, 165);
    expect(lease.requests).to.equal(3);
  });

  it('spreads requests when half of the execution time is used', () => {
    const { lease } = grantLease(budgetWith(10, 900_000), { request, limits, now });
    expect(lease.intervalMs).to.be.within(100, 110);
  });

  it('starts a lease when the oldest usage leaves a full window', () => {
    const { lease } = grantLease(budgetWith(6_000), { request, limits, now });
    expect(lease.startsAt).to.equal(slot + windowMs);
  });

  it('grants consecutive leases while requests are spread', () => {
    const first = grantLease(budgetWith(4_000), { request, limits, now });
    const second = grantLease(first.budget, { request: { ...request, holder: 'b' }, limits, now: now + 1 });
    expect(second.lease.startsAt).to.equal(first.lease.startsAt + first.lease.intervalMs * 3);
    expect(second.lease.holders).to.equal(2);
  });

  it('raises the usage to the one that the organization states, and never lowers it', () => {
    const reading = { at: now, requests: 5_500, executionMs: 1_199_900 };
    const updated = applyReport(budgetWith(200, 9_000), { ...report, reading });
    expect(usageOf(updated)).to.deep.equal({ requests: 500, executionMs: 9_000 });
    const again = applyReport(updated, { ...report, reading });
    expect(usageOf(again)).to.deep.equal(usageOf(updated));
  });

  it('counts other clients only as far as they leave less than the operator has set', () => {
    const evidence = { highest: { requests: 5_999, executionMs: undefined }, refused: {} };
    const reading = { at: now, requests: 4_000, executionMs: undefined };
    const settings = { maxRequests: 1_000 };
    const updated = applyReport(budgetWith(100), { ...report, settings, reading, evidence });
    expect(usageOf(updated).requests).to.equal(100);
    const busy = { at: now, requests: 600, executionMs: undefined };
    expect(
      usageOf(applyReport(budgetWith(100), { ...report, settings, reading: busy, evidence })).requests,
    ).to.equal(400);
  });

  it('never shortens a block', () => {
    const blocked = applyReport(emptyRateBudget, { ...report, blockedUntil: now + 9_000 });
    expect(applyReport(blocked, { ...report, holder: 'b', blockedUntil: now }).blockedUntil).to.equal(
      now + 9_000,
    );
  });
});

describe('parseRemainingQuota', () => {
  const response = (headers: Record<string, string>, status = 200, text = '') => ({ status, headers, text });

  it('reads seconds with a thousands separator', () => {
    const headers = {
      'x-ms-ratelimit-burst-remaining-xrm-requests': '7999',
      'x-ms-ratelimit-time-remaining-xrm-requests': '1,200.00',
    };
    expect(parseRemainingQuota(response(headers))).to.deep.equal({ requests: 7_999, executionMs: 1_200_000 });
  });

  it('ignores a header that is not a number', () => {
    const headers = { 'x-ms-ratelimit-burst-remaining-xrm-requests': '-1; drop' };
    expect(parseRemainingQuota(response(headers))).to.deep.equal({
      requests: undefined,
      executionMs: undefined,
    });
  });

  it('ignores the headers of a 429', () => {
    for (const code of ['0x80072322', '0x80072321', '0x80072326']) {
      const rejection = response({}, 429, `{"error":{"code":"${code}"}}`);
      expect(parseRemainingQuota(rejection)).to.deep.equal({ requests: undefined, executionMs: undefined });
    }
  });
});

describe('UsageTracker', () => {
  const response = (headers: Record<string, string>) => ({ status: 200, headers, text: '' });

  it('does not lower the usage when the organization allows more than the configured limit', () => {
    const tracker = createUsageTracker();
    tracker.recordResponse(now, response({ 'x-ms-ratelimit-burst-remaining-xrm-requests': '7999' }));
    const updated = applyReport(budgetWith(3_000), { ...report, ...tracker.takeReport() });
    expect(usageOf(updated).requests).to.equal(3_000);
  });

  it('estimates the execution time as the latency minus the round trip', () => {
    const tracker = createUsageTracker();
    for (const latency of [60, 1_060]) {
      tracker.recordSent(now);
      tracker.recordEnded(now, latency);
    }
    expect(tracker.takeReport().spent).to.deep.equal([[slot, 2, 30 + 1_030]]);
    expect(tracker.takeReport().spent, 'the next report is empty').to.deep.equal([]);
  });
});
