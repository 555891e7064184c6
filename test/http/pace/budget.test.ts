import { expect } from 'chai';
import {
  type Budget,
  countingAt,
  emptyBudget,
  prune,
  settle,
  slotEnd,
  total,
} from '../../../src/http/pace/budget.ts';
import { remaining } from '../../../src/http/pace/hints.ts';
import { takeLease } from '../../../src/http/pace/lease.ts';
import { defaultServiceLimits as limits, windowMs } from '../../../src/http/pace/limits.ts';
import { createTally } from '../../../src/http/pace/tally.ts';

const now = Date.UTC(2026, 0, 1);
const slot = slotEnd(now);
const order = { holder: 'a', requests: 10, running: 0, executionMs: 100 };
const used = (budget: Budget, at = now) => total(countingAt(budget, at));
const spentOf = (requests: number, executionMs = 0): Budget => ({
  ...emptyBudget,
  spent: [[slot, requests, executionMs]],
});

describe('the budget of a user', () => {
  it('counts what was spent for 300 seconds and forgets it then', () => {
    const budget = spentOf(7, 900);
    expect(used(budget, slot + windowMs - 1)).to.deep.equal({ requests: 7, executionMs: 900 });
    expect(used(budget, slot + windowMs)).to.deep.equal({ requests: 0, executionMs: 0 });
    expect(prune(budget, slot + windowMs + 60_000).spent).to.deep.equal([]);
  });

  it('a lease counts as spent until its holder reports what became of it', () => {
    const { budget, lease } = takeLease(emptyBudget, { order, limits, now });
    expect(lease).to.include({ requests: 10, everyMs: 0, startsAt: now, holders: 1 });
    expect(used(budget)).to.deep.equal({ requests: 10, executionMs: 1_000 });
    const settled = settle(budget, 'a', { spent: [[slot, 3, 250]], gateUntil: 0 });
    expect(used(settled)).to.deep.equal({ requests: 3, executionMs: 250 });
  });

  it('a lease of a process that died counts for one window, and is forgotten', () => {
    const { budget, lease } = takeLease(emptyBudget, { order, limits, now });
    expect(used(budget, lease.until + windowMs - 1).requests).to.equal(10);
    expect(used(budget, lease.until + windowMs).requests).to.equal(0);
    expect(prune(budget, lease.until + windowMs + 60_000).held).to.deep.equal({});
  });

  it('spreads requests when half is spent, and leases only a short turn', () => {
    const { lease } = takeLease(spentOf(4_000), { order, limits, now });
    expect(lease.everyMs).to.be.within(150, 165);
    expect(lease.requests).to.equal(3);
  });

  it('spreads requests when half of the execution time is spent', () => {
    const { lease } = takeLease(spentOf(10, 900_000), { order, limits, now });
    expect(lease.everyMs).to.be.within(100, 110);
  });

  it('opens a full window only when the oldest has left it', () => {
    const { lease } = takeLease(spentOf(6_000), { order, limits, now });
    expect(lease.startsAt).to.equal(slot + windowMs);
  });

  it('leases follow each other while requests are spread', () => {
    const first = takeLease(spentOf(4_000), { order, limits, now });
    const second = takeLease(first.budget, { order: { ...order, holder: 'b' }, limits, now: now + 1 });
    expect(second.lease.startsAt).to.equal(first.lease.startsAt + first.lease.everyMs * 3);
    expect(second.lease.holders).to.equal(2);
  });

  it('believes the organisation when it counts more than we do, and not when it counts less', () => {
    const reading = { at: now, requests: 500, executionMs: 100 };
    const settled = settle(spentOf(200, 9_000), 'a', { spent: [], gateUntil: 0, reading });
    expect(used(settled)).to.deep.equal({ requests: 500, executionMs: 9_000 });
    const again = settle(settled, 'a', { spent: [], gateUntil: 0, reading });
    expect(used(again)).to.deep.equal(used(settled));
  });

  it('a gate is never opened earlier by a later report', () => {
    const shut = settle(emptyBudget, 'a', { spent: [], gateUntil: now + 9_000 });
    expect(settle(shut, 'b', { spent: [], gateUntil: now }).gateUntil).to.equal(now + 9_000);
  });
});

describe('what an answer says of the limits', () => {
  const reply = (headers: Record<string, string>, status = 200, text = '') => ({ status, headers, text });

  it('is read with the comma of its thousands', () => {
    const headers = {
      'x-ms-ratelimit-burst-remaining-xrm-requests': '7999',
      'x-ms-ratelimit-time-remaining-xrm-requests': '1,200.00',
    };
    expect(remaining(reply(headers))).to.deep.equal({ requests: 7_999, executionMs: 1_200_000 });
  });

  it('is passed over when it is no number', () => {
    const headers = { 'x-ms-ratelimit-burst-remaining-xrm-requests': '-1; drop' };
    expect(remaining(reply(headers))).to.deep.equal({ requests: undefined, executionMs: undefined });
  });

  it('a refusal says when to come back, and nothing of what is left', () => {
    for (const code of ['0x80072322', '0x80072321', '0x80072326']) {
      const refusal = reply({}, 429, `{"error":{"code":"${code}"}}`);
      expect(remaining(refusal)).to.deep.equal({ requests: undefined, executionMs: undefined });
    }
  });

  it('an organisation with more room than we know of speeds nothing up', () => {
    const tally = createTally(limits);
    tally.answered(now, reply({ 'x-ms-ratelimit-burst-remaining-xrm-requests': '7999' }));
    const { reading, ...report } = tally.report();
    const settled = settle(spentOf(3_000), 'a', { ...report, gateUntil: 0, ...(reading && { reading }) });
    expect(used(settled).requests).to.equal(3_000);
  });
});

describe('the execution time of a request', () => {
  it('is its latency without the way there and back', () => {
    const tally = createTally(limits);
    for (const latency of [60, 1_060]) {
      tally.sent(now);
      tally.ended(now, latency);
    }
    expect(tally.report().spent).to.deep.equal([[slot, 2, 30 + 1_030]]);
    expect(tally.report().spent, 'a report is told once').to.deep.equal([]);
  });
});
