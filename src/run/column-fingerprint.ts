import type { Json, JsonObject } from '../model/json.ts';

/**
 * The fingerprint of one value of a row as Dataverse sends it: no value is stored. 64 bits, so that a change among
 * millions of rows is not missed.
 *
 * Each row that is written or read has many of them, so they are mixed as MurmurHash3 does it, in two independent halves:
 * a cryptographic digest costs as much as the rest of a create. At 64 bits, no digest would stop someone who writes both
 * values from choosing two with one fingerprint.
 */
export class Fingerprint {
  readonly #first: number;
  readonly #last: number;

  constructor(value: Json) {
    const isText = typeof value === 'string';
    const text = isText ? value : toText(value);
    const even = text.length & ~1;
    const start = text.length ^ (isText ? textSeed : jsonSeed);
    let high = start;
    let low = ~start;
    for (let at = 0; at < even; at += 2) {
      const units = text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16);
      high = mixHigh(high, units);
      low = mixLow(low, units);
    }
    // Apart, because reading behind the end of a text makes V8 slow.
    if (even < text.length) {
      high = mixHigh(high, text.charCodeAt(even));
      low = mixLow(low, text.charCodeAt(even));
    }
    this.#first = finish(high ^ low);
    this.#last = finish((Math.imul(high, 0x2c1b3c6d) + low) | 0);
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return toHex(this.#first) + toHex(this.#last);
  }

  /** Writes the digits as bytes of a text. */
  writeTo(bytes: Uint8Array, start: number): void {
    for (let digit = 0; digit < 8; digit++) {
      const shift = 28 - 4 * digit;
      bytes[start + digit] = hexDigitAt((this.#first >>> shift) & 15);
      bytes[start + 8 + digit] = hexDigitAt((this.#last >>> shift) & 15);
    }
  }
}

/** The fingerprint of one value of a row as text. A column that is not in the row counts as empty. */
export function fingerprintOf(row: JsonObject, wireName: string): string {
  return new Fingerprint(row[wireName] ?? null).toString();
}

/** Hexadecimal digits of a fingerprint. */
export const fingerprintLength = 16;

// The text "1" and the number 1 have different fingerprints.
const textSeed = 0x6f6c2a1e;
const jsonSeed = 0x3d365c0e;

/** JSON of a value. That of a number or of a truth value, several times as fast. */
function toText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function mixHigh(high: number, units: number): number {
  return mix(high ^ scramble(units, 0xcc9e2d51, 0x1b873593));
}

function mixLow(low: number, units: number): number {
  return mix(low ^ scramble(units, 0x239b961b, 0xab0e9789));
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

/** The byte of a hexadecimal digit. */
function hexDigitAt(value: number): number {
  return value < 10 ? 48 + value : 87 + value;
}
