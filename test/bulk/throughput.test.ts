import { expect } from 'chai';
import fc from 'fast-check';
import { createThroughput, maxRows, minRows } from '../../src/bulk/throughput.ts';

const create = () => createThroughput({ table: 'contact', verb: 'create', rows: [] });
const quickMs = 1000;

describe('the number of rows in a bulk message', () => {
  it('doubles with each full message that succeeds, up to 4,000', () => {
    const throughput = create();
    const sizes = [1, 2, 3, 4, 5].map(() => {
      const size = throughput.size();
      throughput.succeeded(size, quickMs);
      return size;
    });
    expect(sizes).to.deep.equal([500, 1000, 2000, 4000, 4000]);
  });

  it('stays after a message that is not full, or that takes long', () => {
    const throughput = create();
    throughput.succeeded(499, quickMs);
    throughput.succeeded(500, 30_000);
    expect(throughput.size()).to.equal(500);
  });

  it('halves if a message is too large, and does not grow back to that size', () => {
    const throughput = create();
    throughput.succeeded(500, quickMs);
    throughput.tooLarge(1000);
    expect(throughput.size()).to.equal(500);
    throughput.succeeded(500, quickMs);
    expect(throughput.size()).to.equal(500);
    throughput.tooLarge(500);
    expect(throughput.size()).to.equal(250);
  });

  it('halves if a row is refused, since the whole message fails with it, and grows again', () => {
    const throughput = create();
    throughput.refused(500);
    expect(throughput.size()).to.equal(250);
    throughput.succeeded(250, quickMs);
    expect(throughput.size()).to.equal(500);
  });

  it('is always between the smallest and the largest size, and below every size that was too large', () => {
    const event = fc.record({
      kind: fc.constantFrom('succeeded', 'tooLarge', 'refused'),
      ms: fc.nat(40_000),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const throughput = create();
        let tooLarge = Number.POSITIVE_INFINITY;
        for (const { kind, ms } of events) {
          const size = throughput.size();
          if (kind === 'succeeded') throughput.succeeded(size, ms);
          else if (kind === 'refused') throughput.refused(size);
          else {
            throughput.tooLarge(size);
            tooLarge = Math.min(tooLarge, size);
          }
          expect(throughput.size()).to.be.within(minRows, maxRows);
          expect(throughput.size() < tooLarge || throughput.size() === minRows).to.equal(true);
        }
      }),
    );
  });
});
