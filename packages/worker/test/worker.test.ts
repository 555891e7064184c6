import { expect } from 'chai';
import { ConnectorError } from 'dynamics365-connector';
import type { PollSubscription } from '../src/subscription.ts';
import { createEvent, createSubscription, withWorker } from './fixture.ts';

/** A trigger whose polls return these batches of events, then none. */
function createPoll(...batches: readonly (readonly [rowId: string, id: string])[][]): PollSubscription {
  let polls = 0;
  return async () => {
    const events = (batches[polls++] ?? []).map(([rowId, id]) => createEvent(rowId, id));
    return { events, checkpoint: { polls }, hasMore: false };
  };
}

describe('worker', () => {
  it('delivers the events of polls, in order for each row', async () => {
    const delivered: string[] = [];
    const deliver = async ({ item }: { item: { id: string } }) => void delivered.push(item.id);
    const poll = createPoll(
      [
        ['r', 'r1'],
        ['s', 's1'],
      ],
      [['r', 'r2']],
      [['r', 'r3']],
    );
    await withWorker({ subscriptions: [createSubscription({ deliver })], poll }, async ({ runUntil }) => {
      await runUntil(() => delivered.length === 4);
    });
    expect(delivered.filter((id) => id.startsWith('r'))).to.deep.equal(['r1', 'r2', 'r3']);
    expect(delivered).to.include('s1');
  });

  it('delivers a rejected event again before the next event of its row', async () => {
    const attempts: string[] = [];
    const deliver = async ({ item, attempt }: { item: { id: string }; attempt: number }) => {
      attempts.push(`${item.id}#${attempt}`);
      if (item.id === 'r1' && attempt < 3) throw new Error('not now');
    };
    const poll = createPoll([
      ['r', 'r1'],
      ['r', 'r2'],
    ]);
    await withWorker(
      { subscriptions: [createSubscription({ deliver })], poll },
      async ({ runUntil, store }) => {
        await runUntil(() => attempts.length === 4);
        expect((await store.status())[0]).to.include({ delivered: 2, waiting: 0, dead: 0 });
      },
    );
    expect(attempts).to.deep.equal(['r1#1', 'r1#2', 'r1#3', 'r2#1']);
  });

  it('makes an event a dead letter after its last attempt', async () => {
    const deliver = async () => {
      throw new Error('never');
    };
    const subscriptions = [createSubscription({ deliver, maxAttempts: 2 })];
    await withWorker(
      { subscriptions, poll: createPoll([['r', 'r1']]) },
      async ({ runUntil, store, logEvents }) => {
        await runUntil(async () => (await store.status())[0]!.dead === 1);
        expect(logEvents.map(({ event }) => event)).to.include('worker.delivery-dead');
      },
    );
  });

  it('pauses only the subscription whose sign-in is rejected, with RECONNECT_NEEDED', async () => {
    const polls: string[] = [];
    const poll: PollSubscription = async ({ id }) => {
      polls.push(id);
      if (id === 'a') throw new ConnectorError('ACCESS_DENIED', 'The user may not read cases.');
      return { events: [], checkpoint: {}, hasMore: false };
    };
    const subscriptions = ['a', 'b'].map((id) => createSubscription({ id }));
    await withWorker({ subscriptions, poll }, async ({ runUntil, store }) => {
      await runUntil(() => polls.filter((id) => id === 'b').length === 5);
      const [a, b] = await store.status();
      expect(a).to.include({ state: 'paused', pausedBy: 'RECONNECT_NEEDED' });
      expect(a!.failure).to.deep.equal({ code: 'ACCESS_DENIED', message: 'The user may not read cases.' });
      expect(b).to.include({ state: 'active' });
    });
    expect(polls.filter((id) => id === 'a')).to.have.length(1);
  });

  it('blocks all subscriptions of a connection for the Retry-After time of a 429 response', async () => {
    const polls: { id: string; at: number }[] = [];
    let now = () => 0;
    const poll: PollSubscription = async ({ id }) => {
      polls.push({ id, at: now() });
      if (polls.length === 1) throw new ConnectorError('THROTTLED', 'Too much.', { retryAfterMs: 300_000 });
      return { events: [], checkpoint: {}, hasMore: false };
    };
    const subscriptions = ['a', 'b'].map((id) => createSubscription({ id, everyMs: 10_000 }));
    await withWorker({ subscriptions, poll }, async ({ runUntil, clock }) => {
      now = clock.now;
      await runUntil(() => polls.length > 6);
    });
    const [first, second, third] = polls;
    expect(third!.at - first!.at).to.be.at.least(300_000);
    expect(second!.at - first!.at, 'a poll that was already running').to.be.below(1000);
  });

  it('runs one poll after downtime, not one for each missed interval', async () => {
    const polls: number[] = [];
    let now = () => 0;
    const poll: PollSubscription = async () => {
      polls.push(now());
      return { events: [], checkpoint: {}, hasMore: false };
    };
    await withWorker({ subscriptions: [createSubscription({ everyMs: 10_000 })], poll }, async (fixture) => {
      now = fixture.clock.now;
      await fixture.runUntil(() => polls.length === 3);
      const pollsBefore = polls.length;
      await fixture.clock.sleep(3_600_000);
      const restartedAt = fixture.clock.now();
      await fixture.runUntil(() => fixture.clock.now() > restartedAt + 9000);
      expect(polls.slice(pollsBefore).filter((at) => at < restartedAt + 5000)).to.have.length(1);
    });
  });

  it('releases running polls and finishes running deliveries when it stops', async () => {
    let delivering = false;
    let delivered = false;
    const poll: PollSubscription = async ({ id }, { signal }) => {
      if (id === 'events') return { events: [createEvent('r', 'r1')], checkpoint: {}, hasMore: false };
      return await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    const deliver = async () => {
      delivering = true;
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
      delivered = true;
    };
    const subscriptions = [createSubscription({ id: 'events', deliver }), createSubscription({ id: 'slow' })];
    await withWorker({ subscriptions, poll }, async ({ runUntil, store }) => {
      await runUntil(() => delivering);
      expect(delivered).to.equal(true);
      const [events, slow] = await store.status();
      expect(events).to.include({ delivered: 1 });
      expect(slow).to.include({ state: 'active', failures: 0 });
      expect(slow!.dueInMs).to.be.at.most(0);
    });
  });

  it('continues after failures of the store', async () => {
    let polls = 0;
    const poll: PollSubscription = async () => {
      polls += 1;
      return { events: [], checkpoint: {}, hasMore: false };
    };
    await withWorker(
      { subscriptions: [createSubscription()], poll },
      async ({ runUntil, store, logEvents }) => {
        const claimDue = store.claimDuePolls;
        let calls = 0;
        store.claimDuePolls = async (limits) => {
          if (calls++ < 3) throw new ConnectorError('STORE_FAILED', 'The database restarts.');
          return await claimDue(limits);
        };
        await runUntil(() => polls === 1);
        expect(logEvents.filter(({ event }) => event === 'worker.claim')).to.have.length(3);
      },
    );
  });
});
