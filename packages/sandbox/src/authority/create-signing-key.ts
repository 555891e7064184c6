import {
  checkPrimeSync,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import type { Random } from '../random.ts';

/** The key pair that signs the tokens of a sandbox. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The private key with `kid`, `use` and `alg`. */
  readonly jwk: JsonWebKey & { readonly kid: string };
}

const publicExponent = 65_537n;
const primeBytes = 128;
/** Rounds of the Miller-Rabin test for primes of this length: FIPS 186-5, table B.1. Node.js would do 64. */
const primeChecks = 5;

/**
 * Creates an RSA key of 2,048 bits from a repeatable source, because the same seed has to give the same tokens. It
 * protects nothing but the sandbox.
 */
export function createSigningKey(random: Random): SigningKey {
  const [p, q] = [findPrime(random), findPrime(random)].sort((a, b) => (a < b ? 1 : -1)) as [bigint, bigint];
  const d = invert(publicExponent, (p - 1n) * (q - 1n));
  const numbers = {
    n: p * q,
    e: publicExponent,
    d,
    p,
    q,
    dp: d % (p - 1n),
    dq: d % (q - 1n),
    qi: invert(q, p),
  };
  const encoded = Object.entries(numbers).map(([name, value]) => [name, encode(value)]);
  const jwk = { kty: 'RSA', ...Object.fromEntries(encoded), kid: random.uuid(), use: 'sig', alg: 'RS256' };
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
  return { privateKey, publicKey: createPublicKey(privateKey), jwk };
}

/**
 * How far the next prime is from where the search begins, by the first digits of the beginning: the two of the seed that
 * every sandbox has without a seed of its own. Testing all the numbers between takes as long as the rest of a start.
 */
const knownDistances: Readonly<Record<string, bigint>> = { f09f34c3e58d190d: 280n, f89cd57291405fcc: 996n };

/** A prime with both top bits set, so that the product of two has the full length. */
function findPrime(random: Random): bigint {
  const start = BigInt(`0x${random.hex(primeBytes)}`) | (3n << 1022n) | 1n;
  const known = knownDistances[start.toString(16).slice(0, 16)];
  return known === undefined ? nextPrime(start) : start + known;
}

function nextPrime(start: bigint): bigint {
  let candidate = start;
  const isPrime = () => checkPrimeSync(candidate, { checks: primeChecks });
  while (candidate % publicExponent === 1n || !isPrime()) candidate += 2n;
  return candidate;
}

/** The inverse of a number by a modulus (extended Euclidean algorithm). */
function invert(value: bigint, modulus: bigint): bigint {
  let [previous, rest] = [modulus, value % modulus];
  let [previousFactor, factor] = [0n, 1n];
  while (rest > 1n) {
    const quotient = previous / rest;
    [previous, rest] = [rest, previous % rest];
    [previousFactor, factor] = [factor, previousFactor - quotient * factor];
  }
  return ((factor % modulus) + modulus) % modulus;
}

function encode(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url');
}
