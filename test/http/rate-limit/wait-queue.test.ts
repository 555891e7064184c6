import { getEventListeners } from 'node:events';
import { expect } from 'chai';
import { ConnectorError } from '../../../src/errors/connector-error.ts';
import { createWaitQueue } from '../../../src/http/rate-limit/wait-queue.ts';

describe('wait queue of the rate limit', () => {
  const throttled = () => new ConnectorError('THROTTLED', 'full');

  /** Adds callers with these deadlines. Their outcomes arrive in `outcomes`, in order. */
  function open(deadlines: readonly number[]) {
    const queue = createWaitQueue();
    const outcomes: string[] = [];
    const add = async (name: string, deadline: number, signal?: AbortSignal) => {
      await queue.wait({ deadline, ...(signal && { signal }) }).then(
        () => outcomes.push(`${name} admitted`),
        (error: ConnectorError) => outcomes.push(`${name} ${error.code}`),
      );
    };
    const waiting = deadlines.map((deadline, n) => add(`${n}`, deadline));
    return { queue, outcomes, add, waiting };
  }

  it('admits the earliest deadline first, and of equal ones the caller that came first', async () => {
    const { queue, outcomes, waiting } = open([20, 10, 20, 30, 10]);
    for (const _ of waiting) queue.admitFirst();
    await Promise.all(waiting);
    expect(outcomes).to.deep.equal(['1', '4', '0', '2', '3'].map((name) => `${name} admitted`));
    expect(queue.firstDeadline()).to.equal(undefined);
  });

  it('rejects the callers whose deadline is before a time, and keeps the one whose deadline it is', async () => {
    const { queue, outcomes, waiting } = open([10, 20, 30]);
    queue.rejectBefore(20, throttled);
    await waiting[0];
    expect(outcomes).to.deep.equal(['0 THROTTLED']);
    expect(queue.firstDeadline()).to.equal(20);
    queue.rejectBefore(100, throttled);
    await Promise.all(waiting);
    expect(outcomes).to.deep.equal(['0 THROTTLED', '1 THROTTLED', '2 THROTTLED']);
  });

  it('rejects every caller, and is empty then', async () => {
    const { queue, outcomes, waiting } = open([10, 20]);
    queue.rejectAll(throttled());
    await Promise.all(waiting);
    expect(outcomes).to.deep.equal(['0 THROTTLED', '1 THROTTLED']);
    expect(queue.firstDeadline()).to.equal(undefined);
  });

  it('removes a caller that aborts, and no other', async () => {
    const { queue, outcomes, add, waiting } = open([10, 30]);
    const controller = new AbortController();
    const aborted = add('aborted', 20, controller.signal);
    controller.abort();
    await aborted;
    expect(getEventListeners(controller.signal, 'abort')).to.deep.equal([]);
    queue.admitFirst();
    queue.admitFirst();
    await Promise.all(waiting);
    expect(outcomes).to.deep.equal(['aborted ABORTED', '0 admitted', '1 admitted']);
  });

  it('does not add a caller that has aborted before', async () => {
    const { queue, outcomes, add } = open([]);
    await add('late', 10, AbortSignal.abort());
    expect(outcomes).to.deep.equal(['late ABORTED']);
    expect(queue.firstDeadline()).to.equal(undefined);
  });

  it('leaves no listener on the signal of a caller that was admitted or rejected', async () => {
    const { queue, add } = open([]);
    const { signal } = new AbortController();
    const waiting = [add('first', 10, signal), add('second', 20, signal)];
    queue.admitFirst();
    queue.rejectAll(throttled());
    await Promise.all(waiting);
    expect(getEventListeners(signal, 'abort')).to.deep.equal([]);
  });
});
