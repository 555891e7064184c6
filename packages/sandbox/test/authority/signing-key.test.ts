import { checkPrimeSync } from 'node:crypto';
import { expect } from 'chai';
import { createSigningKey } from '../../src/authority/create-signing-key.ts';
import { createSeededRandom } from '../../src/random.ts';

const createKey = (seed: number) =>
  createSigningKey(createSeededRandom(seed).fork('tokens').fork('signing key'));
const toNumber = (text: unknown) => BigInt(`0x${Buffer.from(String(text), 'base64url').toString('hex')}`);

describe('authority: signing key', () => {
  for (const seed of [1, 2]) {
    it(`the key of seed ${seed} has two primes, the next ones after where their search begins`, () => {
      const random = createSeededRandom(seed).fork('tokens').fork('signing key');
      const starts = [1, 2].map(() => BigInt(`0x${random.hex(128)}`) | (3n << 1022n) | 1n);
      const { p, q } = createKey(seed).jwk;
      const primes = [p, q].map(toNumber);
      for (const prime of primes) {
        expect(checkPrimeSync(prime, { checks: 10 })).to.equal(true);
        const start = starts.findLast((each) => each <= prime && prime - each < 20_000n)!;
        for (let number = start; number < prime; number += 2n) {
          expect(checkPrimeSync(number, { checks: 2 }), String(number)).to.equal(false);
        }
      }
    });
  }

  it('the same seed gives the same key', () => {
    expect(createKey(1).jwk).to.deep.equal(createKey(1).jwk);
    expect(createKey(1).jwk.n).not.to.equal(createKey(2).jwk.n);
  });
});
