import type { Json } from '../model/json.ts';

/** A hash of 64 bits in two halves. */
export interface ValueHash {
  readonly first: number;
  readonly last: number;
}

/**
 * Hashes one value of a row as Dataverse sends it. 64 bits, so that a change among millions of rows is not missed.
 *
 * Each row that is written or read has many of them, so they are mixed as MurmurHash3 does it, in two independent halves:
 * a cryptographic digest costs as much as the rest of a create. At 64 bits, no digest would stop someone who writes both
 * values from choosing two with one hash.
 */
export function hashValue(value: Json): ValueHash {
  const isText = typeof value === 'string';
  const text = isText ? value : toText(value);
  const even = text.length & ~1;
  const start = text.length ^ (isText ? textSeed : jsonSeed);
  let high = start;
  let low = ~start;
  const add = (units: number) => {
    high = mix(high ^ scramble(units, 0xcc9e2d51, 0x1b873593));
    low = mix(low ^ scramble(units, 0x239b961b, 0xab0e9789));
  };
  for (let at = 0; at < even; at += 2) add(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16));
  // Apart, because reading behind the end of a text makes V8 slow.
  if (even < text.length) add(text.charCodeAt(even));
  return { first: finish(high ^ low), last: finish((Math.imul(high, 0x2c1b3c6d) + low) | 0) };
}

// The text "1" and the number 1 have different hashes.
const textSeed = 0x6f6c2a1e;
const jsonSeed = 0x3d365c0e;

/** JSON of a value. That of a number or of a truth value, several times as fast. */
function toText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function scramble(units: number, first: number, second: number): number {
  return Math.imul(rotate(Math.imul(units, first), 15), second);
}

function mix(half: number): number {
  return (Math.imul(rotate(half, 13), 5) + 0xe6546b64) | 0;
}

function rotate(half: number, bits: number): number {
  return (half << bits) | (half >>> (32 - bits));
}

/** Each bit of the half changes about half of the bits of the result. */
function finish(half: number): number {
  let mixed = Math.imul(half ^ (half >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
