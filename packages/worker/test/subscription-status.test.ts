import { expect } from 'chai';
import {
  needsAttention,
  pausedByUser,
  type SubscriptionFacts,
  toSubscriptionStatus,
} from '../src/subscription-status.ts';

const facts: SubscriptionFacts = {
  id: 'a',
  connection: 'contoso',
  trigger: 'case.created',
  target: 'webhook https://example.com/hook',
  everyMs: 60_000,
  intervalMs: 60_000,
  inactive: false,
  failures: 0,
  idleForMs: 10_000,
  polledAgoMs: 10_000,
  dueInMs: 50_000,
  connectionBlockedForMs: 0,
  polls: 9,
  events: 8,
  waiting: 3,
  dead: 2,
  forgotten: 1,
};

const describeFacts = (changes: Partial<SubscriptionFacts>) => {
  const status = toSubscriptionStatus({ ...facts, ...changes });
  const { state, reason, nextAttemptInMs } = status;
  return { state, reason, nextAttemptInMs, attention: needsAttention(status) };
};

describe('worker: toSubscriptionStatus', () => {
  it('is active when polls and deliveries work', () => {
    expect(toSubscriptionStatus(facts)).to.include({ state: 'active', delivered: 2, dueInMs: 50_000 });
    expect(describeFacts({}).attention).to.equal(false);
  });

  it('is stalled when a poll is due for more than three intervals', () => {
    expect(describeFacts({ idleForMs: 240_000, dueInMs: -184_000 }).state).to.equal('stalled');
    expect(describeFacts({ idleForMs: 186_000, dueInMs: 1000 }).state).to.equal('stalled');
    expect(describeFacts({ idleForMs: 179_000, dueInMs: -120_000 }).state).to.equal('active');
  });

  it('is stalled when a failing poll is overdue, and failing while it waits for its next attempt', () => {
    const failing = {
      failures: 4,
      idleForMs: 900_000,
      failure: { code: 'UNAVAILABLE', message: 'x' },
    } as const;
    expect(describeFacts({ ...failing, dueInMs: 600_000 })).to.deep.equal({
      state: 'failing',
      reason: 'UNAVAILABLE x',
      nextAttemptInMs: 600_000,
      attention: true,
    });
    expect(describeFacts({ ...failing, dueInMs: -600_000 }).state).to.equal('stalled');
  });

  it('names the block of a connection as the reason of a stall, with its end', () => {
    const stalled = describeFacts({
      idleForMs: 240_000,
      dueInMs: -184_000,
      connectionBlockedForMs: 100_000,
    });
    expect(stalled.reason).to.include('answered 429').and.include('No poll for 4 min');
    expect(stalled.nextAttemptInMs).to.equal(100_000);
  });

  it('is failing while its target gets no events', () => {
    const targetFailure = { reason: 'The webhook answered 503.', blockedForMs: 20_000 };
    expect(describeFacts({ targetFailure })).to.deep.equal({
      state: 'failing',
      reason: 'webhook https://example.com/hook: The webhook answered 503.',
      nextAttemptInMs: 20_000,
      attention: true,
    });
  });

  it('needs attention when an error paused it, and not when a user did', () => {
    const failure = { code: 'RECONNECT_NEEDED', message: 'Sign in again.' } as const;
    expect(describeFacts({ pausedBy: 'RECONNECT_NEEDED', failure })).to.deep.equal({
      state: 'paused',
      reason: 'RECONNECT_NEEDED Sign in again.',
      nextAttemptInMs: undefined,
      attention: true,
    });
    expect(describeFacts({ pausedBy: pausedByUser })).to.include({ state: 'paused', attention: false });
  });

  it('shows what its feed does', () => {
    expect(describeFacts({ feedState: { kind: 'rewound', reason: 'restored' } })).to.include({
      state: 'rewound',
      reason: 'restored',
      attention: true,
    });
    expect(describeFacts({ feedState: { kind: 'baselining', done: 5 } })).to.include({
      state: 'baselining',
      reason: '5 rows read.',
      attention: false,
    });
  });

  it('is inactive whatever else is true', () => {
    const inactive = { inactive: true, pausedBy: 'X', failures: 3, dueInMs: -1e9 };
    expect(describeFacts(inactive)).to.include({ state: 'inactive', attention: false });
  });
});
