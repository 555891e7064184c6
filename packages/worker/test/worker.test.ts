import { expect } from 'chai';
import { ConnectorError } from 'dynamics365-connector';
import type { PollSubscription } from '../src/subscription.ts';
import { createEvent, createSubscription, withWorker } from './fixture.ts';

/** Polls that bring these events one poll after another, then nothing. */
function createPoll(...batches: readonly (readonly [record: string, id: string])[][]): PollSubscription {
  let polls = 0;
  return async () => {
    const events = (batches[polls++] ?? []).map(([record, id]) => createEvent(record, id));
    return { events, checkpoint: { polls }, hasMore: false };
  };
}

describe('worker', () => {
  it('delivers what polls bring, in order for each record', async () => {
    const arrived: string[] = [];
    const deliver = async ({ item }: { item: { id: string } }) => void arrived.push(item.id);
    const poll = createPoll(
      [
        ['r', 'r1'],
        ['s', 's1'],
      ],
      [['r', 'r2']],
      [['r', 'r3']],
    );
    await withWorker({ subscriptions: [createSubscription({ deliver })], poll }, async ({ runUntil }) => {
      await runUntil(() => arrived.length === 4);
    });
    expect(arrived.filter((id) => id.startsWith('r'))).to.deep.equal(['r1', 'r2', 'r3']);
    expect(arrived).to.include('s1');
  });

  it('a refused event comes again after a while, and then the next of its record', async () => {
    const tries: string[] = [];
    const deliver = async ({ item, attempt }: { item: { id: string }; attempt: number }) => {
      tries.push(`${item.id}#${attempt}`);
      if (item.id === 'r1' && attempt < 3) throw new Error('not now');
    };
    const poll = createPoll([
      ['r', 'r1'],
      ['r', 'r2'],
    ]);
    await withWorker(
      { subscriptions: [createSubscription({ deliver })], poll },
      async ({ runUntil, store }) => {
        await runUntil(() => tries.length === 4);
        expect((await store.status())[0]).to.include({ delivered: 2, waiting: 0, dead: 0 });
      },
    );
    expect(tries).to.deep.equal(['r1#1', 'r1#2', 'r1#3', 'r2#1']);
  });

  it('an event that nobody takes is set aside after its last attempt', async () => {
    const deliver = async () => {
      throw new Error('never');
    };
    const subscriptions = [createSubscription({ deliver, maxAttempts: 2 })];
    await withWorker(
      { subscriptions, poll: createPoll([['r', 'r1']]) },
      async ({ runUntil, store, logged }) => {
        await runUntil(async () => (await store.status())[0]!.dead === 1);
        expect(logged.map(({ event }) => event)).to.include('worker.delivery-dead');
      },
    );
  });

  it('a sign-in that is refused pauses the subscription with RECONNECT_NEEDED, and nothing else', async () => {
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

  it('a 429 holds every subscription of its connection for as long as it says', async () => {
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
    expect(second!.at - first!.at, 'what was under way already').to.be.below(1000);
  });

  it('after downtime there is one catch-up poll, not one for each that was missed', async () => {
    const polls: number[] = [];
    let now = () => 0;
    const poll: PollSubscription = async () => {
      polls.push(now());
      return { events: [], checkpoint: {}, hasMore: false };
    };
    await withWorker({ subscriptions: [createSubscription({ everyMs: 10_000 })], poll }, async (fixture) => {
      now = fixture.clock.now;
      await fixture.runUntil(() => polls.length === 3);
      const downFrom = polls.length;
      await fixture.clock.sleep(3_600_000);
      const upAt = fixture.clock.now();
      await fixture.runUntil(() => fixture.clock.now() > upAt + 9000);
      expect(polls.slice(downFrom).filter((at) => at < upAt + 5000)).to.have.length(1);
    });
  });

  it('a stop gives polls under way back, and finishes deliveries', async () => {
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

  it('a store that fails now and then ends nobody', async () => {
    let polls = 0;
    const poll: PollSubscription = async () => {
      polls += 1;
      return { events: [], checkpoint: {}, hasMore: false };
    };
    await withWorker({ subscriptions: [createSubscription()], poll }, async ({ runUntil, store, logged }) => {
      const claimDue = store.claimDuePolls;
      let asked = 0;
      store.claimDuePolls = async (limits) => {
        if (asked++ < 3) throw new ConnectorError('STORE_FAILED', 'The database restarts.');
        return await claimDue(limits);
      };
      await runUntil(() => polls === 1);
      expect(logged.filter(({ event }) => event === 'worker.claim')).to.have.length(3);
    });
  });
});
