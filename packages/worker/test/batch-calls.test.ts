import { expect } from 'chai';
import { batchCalls } from '../src/batch-calls.ts';

describe('worker: coalesced work', () => {
  it('does at once what is asked for while it works, and answers each his own', async () => {
    const batches: number[] = [];
    const double = batchCalls(async (inputs: readonly number[]) => {
      batches.push(inputs.length);
      await new Promise((resolve) => setImmediate(resolve));
      return inputs.map((input) => input * 2);
    }, 4);
    const first = double(1);
    await new Promise((resolve) => setTimeout(resolve, 0));
    const rest = [2, 3, 4, 5, 6].map(double);
    expect(await Promise.all([first, ...rest])).to.deep.equal([2, 4, 6, 8, 10, 12]);
    expect(batches.reduce((sum, size) => sum + size)).to.equal(6);
    expect(batches.length).to.be.below(6);
    expect(Math.max(...batches)).to.be.at.most(4);
  });

  it('a batch that fails fails its own callers only', async () => {
    let fail = true;
    const work = batchCalls(async (inputs: readonly string[]) => {
      if (fail) throw new Error('down');
      return inputs;
    });
    const ends = await Promise.allSettled([work('a'), work('b')]);
    expect(ends.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    fail = false;
    expect(await work('c')).to.equal('c');
  });
});
