import { expect } from 'chai';
import { type Checkpoint, ConnectorError, type PollItem } from 'dynamics365-connector';
import { createMemoryStore } from 'dynamics365-connector/host';
import { runTriggerLoop, type TriggerLoopOptions } from '../src/trigger-loop.ts';

const createItem = (id: string): PollItem => ({
  id,
  change: 'created',
  at: '2026-01-15T09:00:00Z',
  row: { id },
});

/** A clock on which time passes as soon as somebody sleeps, and what they slept. */
function createInstantClock() {
  const sleptMs: number[] = [];
  const sleep = async (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    sleptMs.push(ms);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  };
  return { slept: sleptMs, clock: { now: () => 0, sleep } };
}

/** Runs a loop for so many polls, each of which brings what comes after its checkpoint. */
async function runPolls(polls: number, parts: Partial<TriggerLoopOptions> = {}) {
  const { slept: sleptMs, clock } = createInstantClock();
  const stop = new AbortController();
  const results: unknown[] = [];
  await runTriggerLoop(
    {
      store: createMemoryStore(),
      positionKey: 'place',
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
  return { slept: sleptMs, told: results };
}

describe('the loop of a trigger in Node-RED', () => {
  it('goes on from the place whose items the flow is done with', async () => {
    const asked: (Checkpoint | undefined)[] = [];
    await runPolls(3, {
      poll: async (checkpoint) => {
        asked.push(checkpoint);
        return { items: [createItem(`${asked.length}`)], checkpoint: { at: asked.length }, hasMore: true };
      },
    });
    expect(asked).to.deep.equal([undefined, { at: 1 }, { at: 2 }]);
  });

  it('tells once more only what a flow did not finish', async () => {
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

  it('does not wait for ever for a node that never says that it is done', async () => {
    const asked: (Checkpoint | undefined)[] = [];
    const waiting: AbortSignal[] = [];
    await runPolls(2, {
      poll: async (checkpoint) => {
        asked.push(checkpoint);
        return { items: [createItem('a')], checkpoint: { at: 1 }, hasMore: true };
      },
      deliver: (_, signal) => {
        waiting.push(signal);
        return new Promise(() => {});
      },
    });
    expect(asked).to.deep.equal([undefined, { at: 1 }]);
    expect(waiting[0]!.aborted, 'what is followed no more is forgotten').to.equal(true);
  });

  it('waits longer after each failure, and as long as a throttled one says', async () => {
    const failures = [{}, {}, { retryAfterMs: 90_000 }];
    const { slept: sleptMs } = await runPolls(4, {
      poll: async () => {
        throw new ConnectorError('THROTTLED', 'too much', failures.shift());
      },
    });
    expect(sleptMs).to.deep.equal([1000, 2000, 90_000]);
  });
});
