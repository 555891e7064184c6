import { expect } from 'chai';
import { ConnectorError, type ErrorCode } from 'dynamics365-connector';
import fc from 'fast-check';
import { backoffDelayMs } from '../src/backoff.ts';
import { dueAfterWakeMs, nextDueInMs, toFailureRelease } from '../src/next-poll.ts';
import type { PollFailure } from '../src/subscription-status.ts';
import type { Claim } from '../src/worker-store.ts';

const claim: Claim = {
  subscription: 'a',
  feed: 'a',
  epoch: 1,
  checkpoint: {},
  failures: 0,
  lateMs: 0,
  wakes: 0,
  scheduledInMs: 0,
  intervalMs: 60_000,
  outboxed: 0,
};
const half = () => 0.5;

describe('worker: next poll', () => {
  it('keeps the interval after a late and long poll', () => {
    expect(nextDueInMs({ everyMs: 60_000, elapsedMs: 300 }, { ...claim, lateMs: 200 }, half)).to.equal(
      59_500,
    );
  });

  it('is at a random time within the interval after a first poll and after a missed interval', () => {
    expect(nextDueInMs({ everyMs: 60_000, elapsedMs: 0 }, { lateMs: 0 }, half)).to.equal(30_000);
    expect(nextDueInMs({ everyMs: 60_000, elapsedMs: 1 }, { ...claim, lateMs: 3_600_000 }, half)).to.equal(
      30_000,
    );
  });

  it('reads the overlap once at the usual interval after a webhook, although push had made it longer', () => {
    const wake = { everyMs: 60_000, elapsedMs: 500, found: 3 };
    const stretched = { scheduledInMs: 290_000, intervalMs: 300_000 };
    expect(dueAfterWakeMs(wake, stretched)).to.equal(49_500);
    expect(dueAfterWakeMs(wake, { ...stretched, scheduledInMs: 100_000 })).to.equal(0);
    const usual = { scheduledInMs: 49_500, intervalMs: 60_000 };
    expect(dueAfterWakeMs(wake, usual)).to.equal(49_000);
  });

  it('reads the overlap sooner after a webhook whose change was not among the newest', () => {
    const wake = { everyMs: 60_000, elapsedMs: 0, found: 0 };
    expect(dueAfterWakeMs(wake, { scheduledInMs: 298_000, intervalMs: 300_000 })).to.equal(8000);
    expect(dueAfterWakeMs(wake, { scheduledInMs: 50_000, intervalMs: 60_000 })).to.equal(0);
  });

  it('pauses the subscription after errors that only a person can correct', () => {
    const pauseAfter = (code: ErrorCode, details = {}) =>
      toFailureRelease(claim, new ConnectorError(code, 'x', details), half).pauseReason;
    expect(pauseAfter('RECONNECT_NEEDED', { serverCode: 'AADSTS50173' })).to.equal('RECONNECT_NEEDED');
    expect(pauseAfter('RECONNECT_NEEDED', { serverCode: 'invalid_grant' })).to.equal('RECONNECT_NEEDED');
    expect(pauseAfter('SECRET_EXPIRED')).to.equal('RECONNECT_NEEDED');
    expect(pauseAfter('CHECKPOINT_INVALID')).to.equal('CHECKPOINT_INVALID');
    expect(pauseAfter('LOOP_DETECTED')).to.equal('LOOP_DETECTED');
  });

  for (const code of ['RECONNECT_NEEDED', 'ACCESS_DENIED'] as const) {
    it(`tries again slowly, for about a day, after the organization answered with ${code}`, () => {
      const error = new ConnectorError(code, 'x', { status: code === 'ACCESS_DENIED' ? 403 : 401 });
      const delays: number[] = [];
      for (let failure: PollFailure | undefined; ; ) {
        const release = toFailureRelease({ ...claim, failures: 9, failure }, error, () => 1);
        if (release.pauseReason !== undefined) break;
        delays.push(release.dueInMs / 60_000);
        failure = release.failure;
      }
      expect(delays).to.deep.equal([2, 5, 15, 60, 120, 240, 480, 480]);
    });
  }

  it('keeps its interval when the clock is put back during a poll', () => {
    const interval = { everyMs: 60_000, elapsedMs: -86_400_000 };
    expect(nextDueInMs(interval, { ...claim, lateMs: 200 }, half)).to.equal(60_000);
  });

  it('blocks the connection for five minutes at most', () => {
    const error = new ConnectorError('THROTTLED', 'x', { retryAfterMs: 99_999_999_999 });
    expect(toFailureRelease(claim, error, half)).to.include({ blockConnectionMs: 300_000, dueInMs: 300_000 });
  });

  it('repeats the poll with backoff after other errors', () => {
    const failed = toFailureRelease({ ...claim, failures: 3 }, new ConnectorError('UNAVAILABLE', 'x'), half);
    expect(failed).to.deep.include({ dueInMs: 20_000, failure: { code: 'UNAVAILABLE', message: 'x' } });
    expect(failed).not.to.have.any.keys('pauseReason', 'blockConnectionMs');
    expect(toFailureRelease(claim, new TypeError('secret row value'), half).failure).to.deep.equal({
      code: 'UNEXPECTED',
      message: 'The poll ended with an unexpected error (TypeError).',
    });
  });

  it('blocks the connection for a minute after a 429 without Retry-After', () => {
    const failed = toFailureRelease(claim, new ConnectorError('THROTTLED', 'x'), half);
    expect(failed).to.include({ blockConnectionMs: 60_000, dueInMs: 60_000 });
  });

  it('has a backoff delay between 0 and the bound for every random number', () => {
    const backoff = { initialDelayMs: 5000, maxDelayMs: 1_800_000 };
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (failures, randomNumber) => {
          const ms = backoffDelayMs(failures + 1, () => randomNumber, backoff);
          expect(ms).to.be.within(0, Math.min(1_800_000, 5000 * 2 ** failures));
        },
      ),
    );
  });
});
