import type { JsonObject } from '../model/json.ts';

/**
 * The fingerprint of one value of a row as Dataverse sends it: no value is stored. 64 bits, so that a change among
 * millions of rows is not missed. A column that is not in the row counts as empty.
 *
 * Each row that is written or read has many of them, so they are mixed as MurmurHash3 does it, in two independent halves:
 * a cryptographic digest costs as much as the rest of a create. At 64 bits, no digest would stop someone who writes both
 * values from choosing two with one fingerprint.
 */
export function fingerprintOf(row: JsonObject, wireName: string): string {
  const value = row[wireName] ?? null;
  if (typeof value === 'string') return hashText(value, textSeed);
  // JSON of a number or of a truth value, several times as fast.
  return hashText(typeof value === 'object' ? JSON.stringify(value) : String(value), jsonSeed);
}

/** Hexadecimal digits of a fingerprint. */
export const fingerprintLength = 16;

// The text "1" and the number 1 have different fingerprints.
const textSeed = 0x6f6c2a1e;
const jsonSeed = 0x3d365c0e;

/** 64 bits of a text as 16 hexadecimal digits. */
function hashText(text: string, seed: number): string {
  const { length } = text;
  let high = seed ^ length;
  let low = ~seed ^ length;
  for (let at = 0; at < length; at += 2) {
    // NaN, for the unit after the last one, counts as 0.
    const units = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
    high = mix(high ^ scramble(units, 0xcc9e2d51, 0x1b873593));
    low = mix(low ^ scramble(units, 0x239b961b, 0xab0e9789));
  }
  return toHex(finish(high ^ low)) + toHex(finish((Math.imul(high, 0x2c1b3c6d) + low) | 0));
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

/** Several times as fast as `toString(16)`. */
const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function toHex(half: number): string {
  return `${hexBytes[half >>> 24]}${hexBytes[(half >>> 16) & 0xff]}${hexBytes[(half >>> 8) & 0xff]}${hexBytes[half & 0xff]}`;
}
