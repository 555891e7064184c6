import { expect } from 'chai';
import { type Checkpoint, ConnectorError, type PollItem } from 'dynamics365-connector';
import { createMemoryStore } from 'dynamics365-connector/host';
import { runTriggerLoop, type TriggerLoopOptions } from '../src/trigger-loop.ts';

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
