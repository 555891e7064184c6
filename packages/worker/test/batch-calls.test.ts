import { expect } from 'chai';
import { batchCalls } from '../src/batch-calls.ts';

describe('worker: batchCalls', () => {
  it('combines the calls during a batch into the next one and returns each its result', async () => {
    const batches: number[] = [];
    const double = batchCalls(
      async (inputs: readonly number[]) => {
        batches.push(inputs.length);
        await new Promise((resolve) => setImmediate(resolve));
        return inputs.map((input) => input * 2);
      },
      { maxWeight: 4 },
    );
    const first = double(1);
    await new Promise((resolve) => setTimeout(resolve, 0));
    const others = [2, 3, 4, 5, 6].map(double);
    expect(await Promise.all([first, ...others])).to.deep.equal([2, 4, 6, 8, 10, 12]);
    expect(batches.reduce((sum, size) => sum + size)).to.equal(6);
    expect(batches.length).to.be.below(6);
    expect(Math.max(...batches)).to.be.at.most(4);
  });

  it('a batch has calls up to a weight, and one call that is heavier is a batch of its own', async () => {
    const batches: (readonly number[])[] = [];
    const call = batchCalls(
      async (inputs: readonly number[]) => {
        batches.push(inputs);
        return inputs;
      },
      { maxWeight: 10, weigh: (input) => input },
    );
    await Promise.all([4, 6, 1, 30, 2, 8].map(call));
    expect(batches).to.deep.equal([[4, 6], [1], [30], [2, 8]]);
  });

  it('rejects only the calls of a failed batch', async () => {
    let fail = true;
    const work = batchCalls(async (inputs: readonly string[]) => {
      if (fail) throw new Error('down');
      return inputs;
    });
    const outcomes = await Promise.allSettled([work('a'), work('b')]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    fail = false;
    expect(await work('c')).to.equal('c');
  });
});
