import { expect } from 'chai';
import { grantLease } from '../../../src/http/rate-limit/lease.ts';
import { emptyRateBudget, type RateBudget, slotEnd } from '../../../src/http/rate-limit/rate-budget.ts';
import { defaultServiceLimits as limits, windowMs } from '../../../src/http/rate-limit/service-limits.ts';

const now = Date.UTC(2026, 0, 1);
const request = { holder: 'a', requests: 10, inFlight: 0, executionMs: 100 };
const used = (requests: number, executionMs = 0): RateBudget => ({
  ...emptyRateBudget,
  spent: [[slotEnd(now), requests, executionMs]],
});
const grant = (budget: RateBudget, changed = {}) =>
  grantLease(budget, { request: { ...request, ...changed }, limits, now });

describe('grantLease', () => {
  it('lets a lease expire ten seconds after its start', () => {
    expect(grant(emptyRateBudget).lease.until).to.equal(now + 10_000);
    const later = grant(used(6_000)).lease;
    expect(later.startsAt).to.be.above(now);
    expect(later.until).to.equal(later.startsAt + 10_000);
  });

  it('counts half of the execution time of requests that are in flight', () => {
    expect(grant(emptyRateBudget, { inFlight: 4 }).budget.leased.a?.[2]).to.equal(1_200);
  });

  it('grants one percent of the limits, of requests or of execution time', () => {
    expect(grant(emptyRateBudget, { requests: 1_000 }).lease.requests).to.equal(60);
    expect(grant(emptyRateBudget, { requests: 1_000, executionMs: 0 }).lease.requests).to.equal(60);
    expect(grant(emptyRateBudget, { requests: 1_000, executionMs: 1_000 }).lease.requests).to.equal(12);
  });

  it('spreads requests as soon as half of a limit is used', () => {
    const { maxRequests, maxExecutionMs } = limits;
    for (const part of [0.5, 0.51]) {
      expect(grant(used(maxRequests * part)).lease.intervalMs).to.be.above(0);
      expect(grant(used(1, maxExecutionMs * part)).lease.intervalMs).to.be.above(0);
    }
    expect(grant(used(maxRequests * 0.49, maxExecutionMs * 0.49)).lease.intervalMs).to.equal(0);
  });

  it('lets requests that could not be sent in time follow for five seconds', () => {
    const late = { ...used(4_000), nextAt: now - 60_000 };
    expect(grant(late).lease.startsAt).to.equal(now - 5_000);
    expect(grant({ ...late, nextAt: now - 1_000 }).lease.startsAt).to.equal(now - 1_000);
  });

  it('does not wait longer than a window for a turn of a machine whose clock is ahead', () => {
    const ahead = { ...used(4_000), nextAt: now + 10 * windowMs };
    expect(grant(ahead).lease.startsAt).to.equal(now + windowMs);
  });
});
