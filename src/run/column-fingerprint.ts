import type { JsonObject } from '../model/json.ts';
import { hashValue } from './hash-value.ts';

/** The fingerprint of one value of a row: no value is stored. A column that is not in the row counts as empty. */
export function fingerprintOf(row: JsonObject, wireName: string): string {
  const { first, last } = hashValue(row[wireName] ?? null);
  return toHex(first) + toHex(last);
}

/** Several times as fast as `toString(16)`. */
const hexBytes = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function toHex(half: number): string {
  return `${hexBytes[half >>> 24]}${hexBytes[(half >>> 16) & 0xff]}${hexBytes[(half >>> 8) & 0xff]}${hexBytes[half & 0xff]}`;
}
