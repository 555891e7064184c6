import { expect } from 'chai';
import fc from 'fast-check';
import { chunkRows } from '../../src/bulk/chunk-rows.ts';

describe('chunkRows', () => {
  const cut = async (count: number, size: number, skip: number) => {
    const chunks = [];
    const rows = Array.from({ length: count }, (_, n) => ({ n }));
    for await (const chunk of chunkRows(rows, size, skip)) chunks.push(chunk);
    return chunks;
  };

  it('returns every row that is not skipped exactly once, in order, with its index', async () => {
    const sizes = [fc.nat(40), fc.integer({ min: 1, max: 9 }), fc.nat(50)] as const;
    await fc.assert(
      fc.asyncProperty(...sizes, async (count, size, skip) => {
        const chunks = await cut(count, size, skip);
        const numbered = chunks.flatMap(({ start, rows }) => rows.map(({ n }, at) => [n, start + at]));
        const expected = Array.from({ length: Math.max(0, count - skip) }, (_, at) => [skip + at, skip + at]);
        expect(numbered).to.deep.equal(expected);
        expect(chunks.map(({ last }) => last)).to.deep.equal(chunks.map((_, at) => at === chunks.length - 1));
        expect(chunks.every(({ rows, last }) => rows.length === size || last)).to.equal(true);
      }),
    );
  });
});
