import { expect } from 'chai';
import { type Checkpoint, ConnectorError, type PollItem } from 'dynamics365-connector';
import { createMemoryStore } from 'dynamics365-connector/host';
import { runTrigger, type TriggerLoop } from '../src/trigger-loop.ts';

const item = (id: string): PollItem => ({ id, change: 'created', at: '2026-01-15T09:00:00Z', row: { id } });

/** A clock on which time passes as soon as somebody sleeps, and what they slept. */
function quickClock() {
  const slept: number[] = [];
  const sleep = async (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    slept.push(ms);
    await new Promise((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  };
  return { slept, clock: { now: () => 0, sleep } };
}

/** Runs a loop for so many polls, each of which brings what comes after its checkpoint. */
async function play(polls: number, parts: Partial<TriggerLoop> = {}) {
  const { slept, clock } = quickClock();
  const stop = new AbortController();
  const told: unknown[] = [];
  await runTrigger(
    {
      store: createMemoryStore(),
      key: 'place',
      everyMs: 1000,
      deliver: async () => true,
      poll: async () => ({ items: [], checkpoint: {}, more: false }),
      told: (news) => void told.push(news),
      ...parts,
      clock: {
        ...clock,
        sleep: async (ms, signal) => {
          if (told.length >= polls) stop.abort();
          await clock.sleep(ms, signal);
        },
      },
    },
    stop.signal,
  );
  return { slept, told };
}

describe('the loop of a trigger in Node-RED', () => {
  it('goes on from the place whose items the flow is done with', async () => {
    const asked: (Checkpoint | undefined)[] = [];
    await play(3, {
      poll: async (checkpoint) => {
        asked.push(checkpoint);
        return { items: [item(`${asked.length}`)], checkpoint: { at: asked.length }, more: true };
      },
    });
    expect(asked).to.deep.equal([undefined, { at: 1 }, { at: 2 }]);
  });

  it('tells once more only what a flow did not finish', async () => {
    const delivered: string[] = [];
    await play(2, {
      poll: async (checkpoint) =>
        checkpoint === undefined
          ? { items: [item('a'), item('b')], checkpoint: { at: 1 }, more: true }
          : { items: [], checkpoint, more: false },
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
    await play(2, {
      poll: async (checkpoint) => {
        asked.push(checkpoint);
        return { items: [item('a')], checkpoint: { at: 1 }, more: true };
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
    const { slept } = await play(4, {
      poll: async () => {
        throw new ConnectorError('THROTTLED', 'too much', failures.shift());
      },
    });
    expect(slept).to.deep.equal([1000, 2000, 90_000]);
  });
});
