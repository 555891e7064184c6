import { expect } from 'chai';
import { ConnectorError } from 'dynamics365-connector';
import { DeliveryError } from '../src/delivery/delivery-error.ts';
import type { DeliverEvent } from '../src/subscription.ts';
import type { OutboxDelivery } from '../src/worker-store.ts';
import { createEvent, createSubscription, type PollSubscription, withWorker } from './fixture.ts';

/** A trigger whose polls return these batches of events, then none. */
function createPoll(...batches: readonly (readonly [rowId: string, id: string])[][]): PollSubscription {
  let polls = 0;
  return async () => {
    const events = (batches[polls++] ?? []).map(([rowId, id]) => createEvent(rowId, id));
    return { events, checkpoint: { polls }, hasMore: false };
  };
}

/** One subscription whose polls return no events, and their count. */
function countPolls() {
  const polls = {
    count: 0,
    subscriptions: [createSubscription()],
    poll: async () => {
      polls.count += 1;
      return { events: [], checkpoint: {}, hasMore: false };
    },
  };
  return polls;
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

  it('commits a poll that takes longer than a lease: it is renewed meanwhile', async () => {
    for (const leaseMs of [3000, 30_000]) {
      const released = Promise.withResolvers<void>();
      let starts = 0;
      const options = {
        leaseMs,
        subscriptions: [createSubscription({ everyMs: 3_600_000 })],
        poll: async () => {
          starts += 1;
          await released.promise;
          return { events: [], checkpoint: {}, hasMore: false };
        },
      };
      await withWorker(options, async ({ runUntil, store, clock }) => {
        const startedAt = clock.now();
        await runUntil(async () => {
          if (clock.now() - startedAt > 120_000) released.resolve();
          return (await store.status())[0]?.polls === 1;
        });
      });
      expect(starts, `lease of ${leaseMs} ms`).to.equal(1);
    }
  });

  it('keeps delivered events, unless that is not wanted, and records the status', async () => {
    for (const keepDeliveredMs of [undefined, 0]) {
      const poll = createPoll([['r', 'r1']]);
      const worker = { subscriptions: [createSubscription()], poll, keepDeliveredMs };
      await withWorker(worker, async ({ runUntil, store }) => {
        await runUntil(async () => (await store.status())[0]?.delivered === 1);
        expect(await store.events()).to.have.length(keepDeliveredMs === undefined ? 1 : 0);
        expect(await store.statusHistory('a')).to.not.be.empty;
      });
    }
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
    const subscriptions = [createSubscription({ deliver, retry: { maxAttempts: 2 } })];
    await withWorker(
      { subscriptions, poll: createPoll([['r', 'r1']]) },
      async ({ runUntil, store, logEvents }) => {
        await runUntil(async () => (await store.status())[0]!.dead === 1);
        expect(logEvents.map(({ event }) => event)).to.include('worker.delivery-dead');
      },
    );
  });

  it('pauses only the subscription whose sign-in is rejected by the authority, with RECONNECT_NEEDED', async () => {
    const polls: string[] = [];
    const poll: PollSubscription = async ({ id }) => {
      polls.push(id);
      if (id === 'a') throw new ConnectorError('CONSENT_REQUIRED', 'The user must consent.');
      return { events: [], checkpoint: {}, hasMore: false };
    };
    const subscriptions = ['a', 'b'].map((id) => createSubscription({ id }));
    await withWorker({ subscriptions, poll }, async ({ runUntil, store }) => {
      await runUntil(() => polls.filter((id) => id === 'b').length === 5);
      const [a, b] = await store.status();
      expect(a).to.include({ state: 'paused', pausedBy: 'RECONNECT_NEEDED' });
      expect(a!.failure).to.deep.equal({ code: 'CONSENT_REQUIRED', message: 'The user must consent.' });
      expect(b).to.include({ state: 'active' });
    });
    expect(polls.filter((id) => id === 'a')).to.have.length(1);
  });

  it('polls for the newest changes when webhooks wake it, and reads the overlap afterwards', async () => {
    const polls: { readonly isWoken: boolean | undefined; readonly at: number }[] = [];
    let now = () => 0;
    const push = { wakes: 0, lost: 0, unannounced: 0 };
    const poll: PollSubscription = async (_, { isWoken }) => {
      polls.push({ isWoken, at: now() });
      return { events: [], checkpoint: {}, hasMore: false, push, newest: isWoken ? 1 : undefined };
    };
    const subscriptions = [createSubscription({ everyMs: 5000, push: { everyMs: 30_000 } })];
    await withWorker({ subscriptions, poll }, async ({ runUntil, store, clock }) => {
      now = clock.now;
      await runUntil(() => polls.length === 2);
      await store.wake(['a']);
      await runUntil(() => polls.length === 4);
      expect(polls.map(({ isWoken }) => isWoken)).to.deep.equal([false, false, true, false]);
      expect(polls[3]!.at - polls[2]!.at).to.be.at.most(6000);
    });
  });

  it('polls again after a single 403 response, without a person', async () => {
    const polls: number[] = [];
    const poll: PollSubscription = async () => {
      polls.push(now());
      if (polls.length === 1) throw new ConnectorError('ACCESS_DENIED', 'No.', { status: 403 });
      return { events: [], checkpoint: {}, hasMore: false };
    };
    let now = () => 0;
    await withWorker({ subscriptions: [createSubscription()], poll }, async ({ runUntil, clock, store }) => {
      now = clock.now;
      await runUntil(() => polls.length === 1);
      const [status] = await store.status();
      expect(status).to.include({ state: 'failing', reason: 'ACCESS_DENIED No.' });
      expect(status!.nextAttemptInMs).to.be.within(60_000, 120_000);
      await runUntil(() => polls.length === 2);
    });
    expect(polls[1]! - polls[0]!).to.be.within(60_000, 125_000);
  });

  it('pauses only the subscription whose stored checkpoint cannot be read', async () => {
    const polls: string[] = [];
    const poll: PollSubscription = async ({ id }) => {
      polls.push(id);
      return { events: [], checkpoint: {}, hasMore: false };
    };
    const subscriptions = ['a', 'b'].map((id) => createSubscription({ id }));
    await withWorker({ subscriptions, poll }, async ({ runUntil, store }) => {
      const claimDuePolls = store.claimDuePolls;
      store.claimDuePolls = async (limits) =>
        (await claimDuePolls(limits)).map((claim) => ({ ...claim, unreadable: claim.subscription === 'a' }));
      await runUntil(() => polls.length === 3);
      const [a, b] = await store.status();
      expect(a).to.include({ state: 'paused', pausedBy: 'CHECKPOINT_INVALID' });
      expect(b).to.include({ state: 'active' });
    });
    expect(polls).not.to.include('a');
  });

  it('does not poll while too many events of a subscription are in the outbox', async () => {
    let polls = 0;
    const poll: PollSubscription = async () => {
      polls += 1;
      const events = [1, 2, 3].map((n) => createEvent(`row${polls}-${n}`, `e${polls}-${n}`));
      return { events, checkpoint: {}, hasMore: false };
    };
    const deliver = async () => {
      throw new DeliveryError('unavailable', 'down');
    };
    const limits = { maxOutboxEvents: 5 };
    await withWorker(
      { subscriptions: [createSubscription({ deliver, retry: {} })], poll, limits },
      async ({ runUntil, store }) => {
        await runUntil(async () => (await store.status())[0]!.failure?.code === 'OUTBOX_FULL');
        expect((await store.status())[0]).to.include({ state: 'failing', waiting: 6 });
      },
    );
    expect(polls).to.equal(2);
  });

  it('polls no subscription while too many events of all together are in the outbox', async () => {
    const polls: string[] = [];
    const poll: PollSubscription = async ({ id }) => {
      polls.push(id);
      const events = [1, 2, 3].map((n) =>
        createEvent(`${id}${polls.length}-${n}`, `${id}${polls.length}-${n}`),
      );
      return { events, checkpoint: {}, hasMore: false };
    };
    let isDown = true;
    const deliver = async () => {
      if (isDown) throw new DeliveryError('unavailable', 'down');
    };
    const subscriptions = ['a', 'b'].map((id) => createSubscription({ id, deliver, retry: {} }));
    await withWorker(
      { subscriptions, poll, limits: { maxTotalOutboxEvents: 6 } },
      async ({ runUntil, store }) => {
        await runUntil(async () =>
          (await store.status()).every(({ failure }) => failure?.code === 'OUTBOX_FULL'),
        );
        const [a] = await store.status();
        expect(a!.reason).to.equal(
          'OUTBOX_FULL At least 6 events of all subscriptions wait for delivery or are dead letters. Polls continue when there are fewer.',
        );
        expect(polls.toSorted()).to.deep.equal(['a', 'b']);
        isDown = false;
        await runUntil(async () => (await store.status()).every(({ delivered }) => delivered >= 6));
      },
    );
  });

  it('delivers to a healthy receiver within two seconds while another one hangs with 500 events', async () => {
    const deliveredAt: number[] = [];
    let now = () => 0;
    const end = Promise.withResolvers<void>();
    const poll: PollSubscription = async ({ id }) => {
      const count = id === 'hangs' ? 500 : 5;
      const events = Array.from({ length: count }, (_, n) => createEvent(`${id}${n}`, `${id}${n}`));
      return { events, checkpoint: {}, hasMore: false };
    };
    let hanging = 0;
    const subscriptions = [
      createSubscription({
        id: 'hangs',
        deliver: () => {
          hanging += 1;
          return end.promise;
        },
      }),
      createSubscription({ id: 'healthy', deliver: async () => void deliveredAt.push(now()) }),
    ];
    await withWorker({ subscriptions, poll }, async ({ runUntil, clock, store }) => {
      now = clock.now;
      const startedAt = clock.now();
      const running = runUntil(() => deliveredAt.length >= 5 && hanging > 0);
      setTimeout(() => end.resolve(), 300);
      await running;
      expect(Math.max(...deliveredAt.slice(0, 5)) - startedAt).to.be.below(2000);
      expect(hanging).to.be.at.most(500);
      expect((await store.status()).map(({ id }) => id)).to.deep.equal(['hangs', 'healthy']);
    });
  });

  it('makes an event that the target refuses a dead letter after five attempts within ten minutes', async () => {
    const attempts: { id: string; at: number }[] = [];
    let now = () => 0;
    const deliver = async ({ item }: { item: { id: string } }) => {
      attempts.push({ id: item.id, at: now() });
      if (item.id === 'poison') throw new DeliveryError('refused', 'The webhook answered 422.');
    };
    const poll = createPoll([
      ['r', 'poison'],
      ['r', 'next'],
    ]);
    const subscriptions = [createSubscription({ deliver, retry: {} })];
    await withWorker({ subscriptions, poll }, async ({ runUntil, clock, store }) => {
      now = clock.now;
      await runUntil(() => attempts.some(({ id }) => id === 'next'));
      const [letter] = await store.events({ state: 'dead' });
      expect(letter).to.deep.include({ reason: 'The webhook answered 422.', attempts: 5 });
      expect((await store.status())[0], 'the target works').to.include({ state: 'active' });
    });
    expect(attempts.map(({ id }) => id)).to.deep.equal([...Array(5).fill('poison'), 'next']);
    expect(attempts[4]!.at - attempts[0]!.at).to.be.at.most(600_000);
  });

  it('pauses a subscription whose target is gone', async () => {
    const deliver = async () => {
      throw new DeliveryError('gone', 'The webhook answered 410.');
    };
    const subscriptions = [createSubscription({ deliver })];
    await withWorker({ subscriptions, poll: createPoll([['r', 'r1']]) }, async ({ runUntil, store }) => {
      await runUntil(async () => (await store.status())[0]!.state === 'paused');
      expect((await store.status())[0]).to.include({
        pausedBy: 'TARGET_GONE',
        reason: 'TARGET_GONE The webhook answered 410.',
        waiting: 1,
      });
    });
  });

  it('delivers a dead letter again on request, marked as a replay', async () => {
    const deliveries: (string | undefined)[] = [];
    const deliver: DeliverEvent = async ({ item, replay }) => {
      deliveries.push(`${replay} ${item.row.title}`);
      if (replay === undefined) throw new DeliveryError('unavailable', 'down');
    };
    const options = {
      subscriptions: [createSubscription({ deliver, retry: { maxAttempts: 1 } })],
      poll: createPoll([['r', 'r1']]),
      reread: async (_: unknown, { item }: OutboxDelivery) => ({ ...item, row: { title: 'now' } }),
    };
    await withWorker(options, async ({ runUntil, store }) => {
      await runUntil(async () => (await store.status())[0]!.dead === 1);
      await store.replayDeadLetters({}, 'reread');
      await runUntil(() => deliveries.length === 2);
      expect((await store.status())[0]).to.include({ delivered: 1, dead: 0 });
    });
    expect(deliveries).to.deep.equal(['undefined undefined', 'reread now']);
  });

  it('an event that cannot be read becomes a dead letter, and the log names its subscription', async () => {
    const subscriptions = [createSubscription()];
    await withWorker(
      { subscriptions, poll: createPoll([['r', 'r1']]) },
      async ({ runUntil, store, logEvents }) => {
        const claimDeliveries = store.claimDeliveries;
        store.claimDeliveries = async (limits) =>
          (await claimDeliveries(limits)).map((delivery) => ({ ...delivery, item: undefined }));
        await runUntil(async () => (await store.status())[0]!.dead === 1);
        expect(logEvents.find(({ event }) => event === 'worker.delivery-dead')?.fields).to.deep.equal({
          subscription: 'a',
          attempt: 1,
          reason: 'The stored event cannot be read.',
        });
      },
    );
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

  it('logs which subscription has stalled, once', async () => {
    const end = new AbortController();
    const poll: PollSubscription = async ({ id }) => {
      if (id === 'hangs') await new Promise((resolve) => end.signal.addEventListener('abort', resolve));
      return { events: [], checkpoint: {}, hasMore: false };
    };
    const subscriptions = ['hangs', 'works'].map((id) => createSubscription({ id, everyMs: 10_000 }));
    await withWorker({ subscriptions, poll }, async ({ runUntil, clock, logEvents }) => {
      const startedAt = clock.now();
      await runUntil(() => {
        const isOver = clock.now() > startedAt + 125_000;
        if (isOver) end.abort();
        return isOver;
      });
      const stalls = logEvents.filter(({ event }) => event === 'worker.subscription-stalled');
      expect(stalls.map(({ fields }) => fields.subscription)).to.deep.equal(['hangs']);
    });
  });

  it('reports no stall when it starts after a pause', async () => {
    const polls = countPolls();
    await withWorker(polls, async ({ runUntil, clock, logEvents }) => {
      await runUntil(() => polls.count === 1);
      await clock.sleep(86_400_000);
      await runUntil(() => polls.count === 3);
      expect(logEvents.map(({ event }) => event)).not.to.include('worker.subscription-stalled');
    });
  });

  it('continues after failures of the store', async () => {
    const polls = countPolls();
    await withWorker(polls, async ({ runUntil, store, logEvents }) => {
      const claimDue = store.claimDuePolls;
      let calls = 0;
      store.claimDuePolls = async (limits) => {
        if (calls++ < 3) throw new ConnectorError('STORE_FAILED', 'The database restarts.');
        return await claimDue(limits);
      };
      await runUntil(() => polls.count === 1);
      expect(logEvents.filter(({ event }) => event === 'worker.claim')).to.have.length(3);
    });
  });
});
