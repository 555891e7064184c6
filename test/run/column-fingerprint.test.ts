import { expect } from 'chai';
import fc from 'fast-check';
import type { Json } from '../../src/model/json.ts';
import { fingerprintOf } from '../../src/run/column-fingerprint.ts';

const fingerprint = (value: Json | undefined) => fingerprintOf(value === undefined ? {} : { value }, 'value');

describe('column fingerprints', () => {
  it('are 16 hexadecimal digits, the same for the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const first = fingerprint(value as Json);
        expect(first).to.match(/^[0-9a-f]{16}$/);
        expect(fingerprint(JSON.parse(JSON.stringify(value)))).to.equal(first);
      }),
    );
  });

  it('stay the same from version to version, because stores have them', () => {
    expect(['Printer', 'stars!', 7, null].map(fingerprint)).to.deep.equal([
      '4181fd933d3faefd',
      'cf67ce3be8fd1513',
      '983685ce68e7e96a',
      '58a9527bc692d411',
    ]);
  });

  it('tell a text from the number, the truth value and the empty value that look like it', () => {
    for (const value of [1, -7.5, true, false, null])
      expect(fingerprint(String(value)), String(value)).not.to.equal(fingerprint(value));
    expect(fingerprint('')).not.to.equal(fingerprint(null));
    expect(fingerprint(undefined)).to.equal(fingerprint(null));
  });

  it('do not depend on the letters before a difference: of 400,000 similar values, none has that of another', () => {
    const values = Array.from({ length: 100_000 }, (_, n) => [
      n,
      `${n}`,
      `Case ${n}`,
      `2026-01-01T${n}`,
    ]).flat();
    expect(new Set(values.map(fingerprint)).size).to.equal(values.length);
  });

  it('have 64 independent bits: each half alone meets another one as often as 32 random bits do', () => {
    const all = Array.from({ length: 200_000 }, (_, n) => fingerprint(`CAS-${n}-A1B2C3`));
    // n * n / 2 ** 33 = 4.7 are expected; 40 would be chance once in more than 10 ** 20 times.
    for (const start of [0, 4, 8])
      expect(all.length - new Set(all.map((text) => text.slice(start, start + 8))).size).to.be.below(40);
  });

  it('change half of their bits with any character of the value', () => {
    const bits = (text: string) => BigInt(`0x${fingerprint(text)}`);
    const text = 'Printer in the second office prints nothing but stars';
    for (let at = 0; at < text.length; at++) {
      const changed = `${text.slice(0, at)}#${text.slice(at + 1)}`;
      const count = (bits(text) ^ bits(changed)).toString(2).replaceAll('0', '').length;
      expect(count, changed).to.be.within(12, 52);
    }
  });
});
