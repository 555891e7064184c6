import { expect } from 'chai';
import { noEvidence } from '../../../src/http/rate-limit/learned-limits.ts';
import { grantLease } from '../../../src/http/rate-limit/lease.ts';
import {
  applyReport,
  countHolders,
  dropFutureTimes,
  emptyRateBudget,
  entriesInWindow,
  isPlausibleBlock,
  mergeUsage,
  pruneBudget,
  type RateBudget,
  slotEnd,
  sumUsage,
} from '../../../src/http/rate-limit/rate-budget.ts';
import {
  parseConcurrencyHint,
  parseRemainingQuota,
} from '../../../src/http/rate-limit/rate-limit-headers.ts';
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

describe('RateBudget: times', () => {
  it('has slots of two seconds, which end later than what they contain', () => {
    expect([0, 1_999, 2_000].map(slotEnd)).to.deep.equal([2_000, 2_000, 4_000]);
  });

  it('keeps slots in order, and none without usage', () => {
    const merged = mergeUsage(
      [[6_000, 1, 10]],
      [
        [4_000, 2, 0],
        [2_000, 0, 0],
        [6_000, 0, 5],
        [8_000, 0, 7],
        [8_000, 1, 0],
      ],
    );
    expect(merged).to.deep.equal([
      [4_000, 2, 0],
      [6_000, 1, 15],
      [8_000, 1, 7],
    ]);
  });

  it('keeps usage ten seconds longer than it counts, for a reading that is late', () => {
    const budget = { ...budgetWith(1), leased: { a: [slot, 1, 0] as const } };
    const removedAt = slot + windowMs + 10_000;
    expect(pruneBudget(budget, removedAt - 1)).to.deep.equal(budget);
    expect(pruneBudget(budget, removedAt)).to.deep.equal(emptyRateBudget);
  });

  it('does not count usage that is two windows ahead: the clock of its machine is wrong', () => {
    const ahead = (ms: number): RateBudget => ({ ...emptyRateBudget, spent: [[now + ms, 1, 0]] });
    expect(usageOf(ahead(2 * windowMs - 1)).requests).to.equal(1);
    expect(usageOf(ahead(2 * windowMs)).requests).to.equal(0);
  });

  it('drops leases and turns that are two windows ahead, and keeps the others', () => {
    const at = (time: number): RateBudget => ({
      ...emptyRateBudget,
      nextAt: time,
      leased: { a: [time, 1, 0] },
    });
    const possible = at(now + 2 * windowMs - 1);
    expect(dropFutureTimes(possible, now)).to.deep.equal(possible);
    const { nextAt, leased } = dropFutureTimes(at(now + 2 * windowMs), now);
    expect(nextAt).to.be.below(now);
    expect(leased).to.deep.equal({});
  });

  it('obeys a block of a window, and of one minute more for clocks that differ', () => {
    const last = now + windowMs + 60_000;
    expect(isPlausibleBlock(last, now)).to.equal(true);
    expect(isPlausibleBlock(last + 1, now)).to.equal(false);
    const blocked = (blockedUntil: number) => dropFutureTimes({ ...emptyRateBudget, blockedUntil }, now);
    expect(blocked(last).blockedUntil).to.equal(last);
    expect(blocked(last + 1).blockedUntil).to.be.below(now);
  });

  it('does not count the holder of a lease that ends now', () => {
    const { budget, lease } = grantLease(emptyRateBudget, { request, limits, now });
    expect(countHolders(budget, lease.until - 1)).to.equal(1);
    expect(countHolders(budget, lease.until)).to.equal(0);
  });
});

describe('parseConcurrencyHint', () => {
  it('reads a number of 1 or more, and ignores anything else', () => {
    const hints = ['1', '52', '0', '-4', 'many', ''].map((hint) =>
      parseConcurrencyHint({ 'x-ms-dop-hint': hint }),
    );
    expect(hints).to.deep.equal([1, 52, undefined, undefined, undefined, undefined]);
    expect(parseConcurrencyHint({})).to.equal(undefined);
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
    const headers = {
      'x-ms-ratelimit-burst-remaining-xrm-requests': '0',
      'x-ms-ratelimit-time-remaining-xrm-requests': '0.00',
    };
    expect(parseRemainingQuota(response(headers, 429))).to.deep.equal({
      requests: undefined,
      executionMs: undefined,
    });
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

  it('assumes a round trip of 100 ms at most', () => {
    const tracker = createUsageTracker();
    tracker.recordEnded(now, 1_000);
    expect(tracker.meanExecutionMs()).to.equal(900);
  });

  it('estimates the next request from the recent ones, of which the last one counts for a tenth', () => {
    const tracker = createUsageTracker();
    expect(tracker.meanExecutionMs()).to.equal(0);
    tracker.recordEnded(now, 100);
    expect(tracker.meanExecutionMs()).to.equal(50);
    tracker.recordEnded(now, 1_100);
    expect(tracker.meanExecutionMs()).to.equal(150);
  });

  it('counts usage in the slots in which it happened', () => {
    const tracker = createUsageTracker();
    for (const at of [now, now, now + 2_000]) tracker.recordSent(at);
    tracker.recordEnded(now + 4_000, 100);
    tracker.recordEnded(now + 4_000, 200);
    expect(tracker.takeReport().spent).to.deep.equal([
      [slot, 2, 0],
      [slot + 2_000, 1, 0],
      [slot + 4_000, 0, 50 + 150],
    ]);
  });

  it('reports what a response states, if it states one of both quotas', () => {
    const tracker = createUsageTracker();
    tracker.recordResponse(now, response({}));
    expect(tracker.takeReport()).to.deep.include({ reading: undefined, evidence: noEvidence });
    tracker.recordResponse(now, response({ 'x-ms-ratelimit-burst-remaining-xrm-requests': '5000' }));
    expect(tracker.takeReport().reading).to.deep.equal({ at: now, requests: 5_000, executionMs: undefined });
    tracker.recordResponse(now, response({ 'x-ms-ratelimit-time-remaining-xrm-requests': '900.5' }));
    const { reading, evidence } = tracker.takeReport();
    expect(reading).to.deep.equal({ at: now, requests: undefined, executionMs: 900_500 });
    expect(evidence?.highest.executionMs).to.equal(900_500);
    expect(tracker.takeReport(), 'the next report').to.deep.include({
      reading: undefined,
      evidence: noEvidence,
    });
  });

  it('reports the limit that a 429 names', () => {
    const tracker = createUsageTracker();
    const text = 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.';
    tracker.recordResponse(now, { status: 429, headers: {}, text });
    const { reading, evidence } = tracker.takeReport();
    expect(reading).to.equal(undefined);
    expect(evidence?.refused.maxRequests).to.equal(6_000);
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
