import { expect } from 'chai';
import fc from 'fast-check';
import { LongText } from '../../src/model/long-text.ts';
import '../support/fixed-seed.ts';

describe('a text in pieces', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', '\n', 'é', '漢', '🖨️'), maxLength: 8 });
  const pieces = fc.array(piece, { maxLength: 8 });
  const place = fc.nat({ max: 40 });

  it('has the length, the characters, the parts and the places of the text', () => {
    const places = fc.array(fc.record({ start: place, end: place }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(pieces, places, piece, (pieces, places, searched) => {
        const [long, text] = [new LongText(pieces), pieces.join('')];
        expect([String(long), long.length]).to.deep.equal([text, text.length]);
        for (const { start, end } of places) {
          expect(long.charAt(start)).to.equal(text.charAt(start));
          expect(long.slice(start, end)).to.equal(text.slice(start, end));
          if (searched !== '') expect(long.indexOf(searched, start)).to.equal(text.indexOf(searched, start));
          expect(long.indexOf('a\n', start)).to.equal(text.indexOf('a\n', start));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('can be composed of short and long texts', () => {
    const texts = ['a', 'é'.repeat(70_000), '', ...Array.from({ length: 30_000 }, (_, n) => `${n} `), '🖨️'];
    const long = LongText.join(texts);
    expect(String(long)).to.equal(texts.join(''));
    expect(long.encode()).to.deep.equal(new TextEncoder().encode(texts.join('')));
    expect(LongText.join([]).encode()).to.deep.equal(new Uint8Array());
  });

  it('is decoded as a whole text is, whatever the bytes are and wherever they are divided', () => {
    const byteOrderMark = [0xef, 0xbb, 0xbf];
    const unit = fc.oneof(
      fc.constantFrom([0x61], [0xc3, 0xa9], [0xe6, 0xbc, 0xa2], [0xf0, 0x9f, 0x96, 0xa8], byteOrderMark),
      // Bytes that are not UTF-8.
      fc.array(fc.constantFrom(0x80, 0xbf, 0xc0, 0xe2, 0xf0, 0xf8, 0xff), { minLength: 1, maxLength: 6 }),
    );
    const units = fc.array(unit, { minLength: 1, maxLength: 12 }).map((parts) => parts.flat());
    const partSize = fc.integer({ min: 1000, max: 90_000 });
    fc.assert(
      fc.property(units, fc.integer({ min: 0, max: 110_000 }), partSize, (unit, length, size) => {
        const bytes = new Uint8Array(length).map((_, at) => unit[at % unit.length]!);
        const starts = Array.from({ length: Math.ceil(length / size) }, (_, n) => n * size);
        const long = LongText.decode(starts.map((start) => bytes.subarray(start, start + size)));
        expect(String(long) === new TextDecoder().decode(bytes)).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });
});
