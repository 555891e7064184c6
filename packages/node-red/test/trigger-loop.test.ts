import { expect } from 'chai';
import { type Checkpoint, ConnectorError, type PollItem } from 'dynamics365-connector';
import { createMemoryStore } from 'dynamics365-connector/host';
import { createFakeClock } from '../../../test/support/fake-clock.ts';
import { runTriggerLoop, type TriggerLoopOptions } from '../src/trigger-loop.ts';
import { createTriggerWakes } from '../src/trigger-wakes.ts';

const createItem = (id: string): PollItem => ({
  id,
  change: 'created',
  epoch: 0,
  sequence: 1,
  at: '2026-01-15T09:00:00Z',
  row: { id },
});

/** A clock whose sleeps end at once, and the durations of these sleeps. */
function createInstantClock() {
  const sleptMs: number[] = [];
  const sleep = async (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    sleptMs.push(ms);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  };
  return { sleptMs, clock: { now: () => 0, sleep } };
}

/** Runs a loop for a number of polls. */
async function runPolls(polls: number, parts: Partial<TriggerLoopOptions> = {}) {
  const { sleptMs, clock } = createInstantClock();
  const stop = new AbortController();
  const results: unknown[] = [];
  await runTriggerLoop(
    {
      store: createMemoryStore(),
      positionKey: 'position',
      everyMs: 1000,
      deliver: async () => true,
      wakes: createTriggerWakes(),
      poll: async () => ({ items: [], checkpoint: {}, hasMore: false }),
      onResult: (result) => void results.push(result),
      ...parts,
      clock: {
        ...clock,
        sleep: async (ms, signal) => {
          if (results.length >= polls) stop.abort();
          await clock.sleep(ms, signal);
        },
      },
    },
    stop.signal,
  );
  return { sleptMs };
}

describe('Node-RED trigger loop', () => {
  it('polls from the checkpoint whose items the flow has processed', async () => {
    const checkpoints: (Checkpoint | undefined)[] = [];
    await runPolls(3, {
      poll: async (checkpoint) => {
        checkpoints.push(checkpoint);
        return {
          items: [createItem(`${checkpoints.length}`)],
          checkpoint: { at: checkpoints.length },
          hasMore: true,
        };
      },
    });
    expect(checkpoints).to.deep.equal([undefined, { at: 1 }, { at: 2 }]);
  });

  it('delivers again only the items that the flow did not process', async () => {
    const delivered: string[] = [];
    await runPolls(2, {
      poll: async (checkpoint) =>
        checkpoint === undefined
          ? { items: [createItem('a'), createItem('b')], checkpoint: { at: 1 }, hasMore: true }
          : { items: [], checkpoint, hasMore: false },
      deliver: async ({ id }) => {
        delivered.push(id);
        return id === 'a' || delivered.filter((each) => each === 'b').length > 1;
      },
    });
    expect(delivered).to.deep.equal(['a', 'b', 'b']);
  });

  it('continues after a timeout when a node never calls done', async () => {
    const checkpoints: (Checkpoint | undefined)[] = [];
    const signals: AbortSignal[] = [];
    await runPolls(2, {
      poll: async (checkpoint) => {
        checkpoints.push(checkpoint);
        return { items: [createItem('a')], checkpoint: { at: 1 }, hasMore: true };
      },
      deliver: (_, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    expect(checkpoints).to.deep.equal([undefined, { at: 1 }]);
    expect(signals[0]!.aborted).to.equal(true);
  });

  it('doubles the pause after each failure and respects retryAfterMs', async () => {
    const failures = [{}, {}, { retryAfterMs: 90_000 }];
    const { sleptMs } = await runPolls(4, {
      poll: async () => {
        throw new ConnectorError('THROTTLED', 'too much', failures.shift());
      },
    });
    expect(sleptMs).to.deep.equal([1000, 2000, 90_000]);
  });

  it('waits five minutes at most for retryAfterMs', async () => {
    const { sleptMs } = await runPolls(2, {
      poll: async () => {
        throw new ConnectorError('THROTTLED', 'too much', { retryAfterMs: 99_999_999_999 });
      },
    });
    expect(sleptMs).to.deep.equal([300_000]);
  });
});

describe('Node-RED trigger loop, with hints at its input', () => {
  const minute = 60_000;
  /** Runs until `endMs`; `hints` are the times at which a message comes. Returns when it polled, and for which rows. */
  async function run(hints: readonly (readonly [atMs: number, deletedId?: string])[], parts = {}) {
    const clock = createFakeClock();
    const startedAt = clock.now();
    const stop = new AbortController();
    const wakes = createTriggerWakes();
    const polls: (readonly [atMs: number, deletedIds: readonly string[] | undefined])[] = [];
    const running = runTriggerLoop(
      {
        store: createMemoryStore(),
        positionKey: 'position',
        everyMs: minute,
        deliver: async () => true,
        onResult: () => {},
        wakes,
        clock,
        poll: async (_, { wake }) => {
          polls.push([clock.now() - startedAt, wake?.deletedIds]);
          return { items: [], checkpoint: {}, hasMore: false };
        },
        ...parts,
      },
      stop.signal,
    );
    for (const [atMs, deletedId] of hints) {
      await clock.sleep(startedAt + atMs - clock.now());
      wakes.add(deletedId);
    }
    await clock.sleep(startedAt + 2.5 * minute - clock.now());
    stop.abort();
    await running;
    return polls;
  }

  it('polls soon after a hint, and on schedule as without it', async () => {
    expect(await run([[20_000]])).to.deep.equal([
      [0, undefined],
      [20_100, []],
      [60_000, undefined],
      [120_000, undefined],
    ]);
  });

  it('polls once for hints that come together, with the rows that they report as deleted', async () => {
    const storm = Array.from({ length: 50 }, (_, at) => [20_000 + at, `row ${at % 2}`] as const);
    const [, woken, ...others] = await run(storm);
    expect(woken).to.deep.equal([20_100, ['row 0', 'row 1']]);
    expect(others).to.have.length(2);
  });

  it('polls once a second while hints go on', async () => {
    const hints = Array.from({ length: 100 }, (_, at) => [20_000 + 50 * at] as const);
    const polls = await run(hints);
    expect(polls.length - 3).to.be.within(5, 7);
  });

  it('leaves a server that fails alone until its pause is over', async () => {
    const polls: number[] = [];
    await run([[20_000], [30_000]], {
      poll: async () => {
        polls.push(1);
        throw new ConnectorError('THROTTLED', 'too much', { retryAfterMs: 100_000 });
      },
    });
    expect(polls).to.have.length(2);
  });
});
