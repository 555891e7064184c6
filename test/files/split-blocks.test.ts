import { expect } from 'chai';
import fc from 'fast-check';
import { splitBlocks, toBase64 } from '../../src/files/split-blocks.ts';

describe('splitBlocks and toBase64', () => {
  it('splits any stream into blocks of one size, except the last, without losing a byte', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(chunks, fc.integer({ min: 1, max: 17 }), async (pieces, size) => {
        const blocks: Uint8Array[] = [];
        for await (const block of splitBlocks(pieces, size)) blocks.push(block);
        expect(Buffer.concat(blocks)).to.deep.equal(Buffer.concat(pieces));
        expect(blocks.slice(0, -1).every(({ length }) => length === size)).to.equal(true);
        expect(blocks.every(({ length }) => length > 0)).to.equal(true);
      }),
    );
  });

  it('rejects content that is not an iterable of byte arrays', async () => {
    const throwing = new Proxy(new Uint8Array(1), {
      get: () => {
        throw new Error('not for reading');
      },
    });
    const never = Object.fromEntries([['then', () => {}]]);
    const wrong = [
      'hello',
      Buffer.from('hello'),
      [1, 2],
      ['hello'],
      [throwing],
      [never],
      [new DataView(new ArrayBuffer(2))],
    ];
    for (const content of wrong) {
      const first = splitBlocks(content as never).next();
      expect(await first.catch((error: Error) => error)).to.have.property('code', 'INPUT_INVALID');
    }
  });

  it('encodes bytes as standard base64', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100_000 }), (bytes) => {
        expect(toBase64(bytes)).to.equal(Buffer.from(bytes).toString('base64'));
      }),
      { numRuns: 20 },
    );
  });
});
