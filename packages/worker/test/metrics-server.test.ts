import { expect } from 'chai';
import { createWorkerMetrics } from '../src/metrics.ts';
import { serveMetrics } from '../src/metrics-server.ts';
import { type SubscriptionFacts, toSubscriptionStatus } from '../src/subscription-status.ts';

const facts: SubscriptionFacts = {
  id: 'works',
  connection: 'contoso',
  trigger: 'case.created',
  target: 'stdout',
  everyMs: 60_000,
  intervalMs: 60_000,
  inactive: false,
  failures: 0,
  idleForMs: 10_000,
  dueInMs: 50_000,
  connectionBlockedForMs: 0,
  polls: 9,
  events: 8,
  waiting: 3,
  dead: 2,
  forgotten: 0,
};
const failure = { code: 'UNAVAILABLE', message: 'The organization is not available.' } as const;
const subscriptions = [
  facts,
  { ...facts, id: 'fails', failures: 2, failure, dueInMs: 90_000 },
  {
    ...facts,
    id: 'waits',
    pausedBy: 'RECONNECT_NEEDED',
    failure: { ...failure, code: 'ACCESS_DENIED' } as const,
  },
  { ...facts, id: 'late', idleForMs: 3_600_000, dueInMs: -3_540_000 },
  { ...facts, id: 'restored', feedState: { kind: 'rewound', reason: 'Restored.' } as const },
  { ...facts, id: 'new', feedState: { kind: 'baselining', done: 5000, total: 20_000 } as const },
].map(toSubscriptionStatus);

describe('worker: serveMetrics', () => {
  let lines: readonly string[];
  before(async () => {
    const store = { status: async () => subscriptions };
    const server = await serveMetrics(
      { host: '127.0.0.1', port: 0 },
      { store, metrics: createWorkerMetrics() },
    );
    const response = await fetch(server.url);
    lines = (await response.text()).split('\n');
    server.close();
  });

  it('counts the subscriptions in each state', () => {
    for (const state of ['active', 'failing', 'paused', 'stalled', 'rewound', 'baselining'])
      expect(lines).to.include(`d365_worker_subscriptions{state="${state}"} 1`);
  });

  it('names the subscriptions that need attention, with the code of the reason', () => {
    const problems = lines.filter((line) => line.startsWith('d365_worker_subscription_problem{'));
    expect(problems).to.deep.equal([
      'd365_worker_subscription_problem{subscription="fails",state="failing",code="UNAVAILABLE"} 1',
      'd365_worker_subscription_problem{subscription="waits",state="paused",code="ACCESS_DENIED"} 1',
      'd365_worker_subscription_problem{subscription="late",state="stalled",code=""} 1',
      'd365_worker_subscription_problem{subscription="restored",state="rewound",code=""} 1',
    ]);
  });

  it('has the time to the next attempt, the progress of a baseline, and the size of the outbox', () => {
    expect(lines).to.include('d365_worker_next_attempt_seconds{subscription="fails"} 90');
    expect(lines).to.include('d365_worker_baseline_rows{subscription="new"} 5000');
    expect(lines).to.include('d365_worker_outbox{state="waiting"} 18');
    expect(lines).to.include('d365_worker_outbox{state="dead"} 12');
  });

  it('ends with # EOF, as OpenMetrics requires', () => {
    expect(lines.slice(-2)).to.deep.equal(['# EOF', '']);
  });
});
